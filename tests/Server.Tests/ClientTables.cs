using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Client;
using Wharf.Tables;
using StatusCode = Grpc.Core.StatusCode;
using Table = Wharf.Client.Table;

namespace Wharf.Server.Tests;

/// <summary>The client asks for every table operation that the server serves.</summary>
public sealed class ClientTables
{
    private static readonly Schema Columns = new Schema.Builder()
        .Field(field => field.Name("X").DataType(Int32Type.Default))
        .Field(field => field.Name("S").DataType(StringType.Default).Nullable(true))
        .Field(field => field.Name("D").DataType(DoubleType.Default))
        .Build();

    private static readonly FilterOperand X = new ColumnOperand("X");
    private static readonly FilterOperand S = new ColumnOperand("S");

    private static CancellationToken Cancelled => TestServer.Cancelled;

    [Fact]
    public async Task Rows_are_kept_by_conditions_as_texts()
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var table = await ImportAsync(session);
        foreach (var (conditions, expected) in new (string[], int[])[]
        {
            ([], [1, 2, 3, 4, 5, 6]),
            (["X > 1", "X < 4"], [2, 3]),
            (["S in `a`, `b`"], [1, 3]),
            (["S icase includes `B`"], [2, 3, 5]),
            (["isNull(S) || D == 0.0"], [4, 6]),
        })
        {
            await using var kept = await table.WhereAsync(conditions, Cancelled);
            Assert.Equal(expected, await RowsAsync(kept));
        }

        var error = await Assert.ThrowsAsync<WharfException>(() => table.WhereAsync(["Nope > 1"], Cancelled));
        Assert.Equal((StatusCode.InvalidArgument, table.Ticket), (error.StatusCode, error.Ticket));
        Assert.Contains("Nope", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_kept_by_conditions_as_trees_of_every_kind()
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var imported = await ImportAsync(session);
        await using var table = await imported.UpdateAsync(["T = epochNanosToInstant(X * 1000000000L)", "Two = X == 2"], Cancelled);
        foreach (var (condition, expected) in new (FilterCondition, int[])[]
        {
            (Compare(CompareOperator.Less, X, 3), [1, 2]),
            (Compare(CompareOperator.LessOrEqual, X, 3), [1, 2, 3]),
            (Compare(CompareOperator.Greater, X, 3L), [4, 5, 6]),
            (Compare(CompareOperator.GreaterOrEqual, X, 3L), [3, 4, 5, 6]),
            (Compare(CompareOperator.Equal, S, "b"), [3]),
            (Compare(CompareOperator.Equal, S, "b", ignoreCase: true), [2, 3]),
            (Compare(CompareOperator.NotEqual, X, 3), [1, 2, 4, 5, 6]),
            (Compare(CompareOperator.Less, new ColumnOperand("D"), 0.5), [3, 4]),
            (Compare(CompareOperator.Equal, new ColumnOperand("Two"), true), [2]),
            (Compare(CompareOperator.GreaterOrEqual, new ColumnOperand("T"), DateTimeOffset.FromUnixTimeSeconds(5)), [5, 6]),
            (new InCondition(X, [Literal(1), Literal(6), Literal(9)]), [1, 6]),
            (new InCondition(X, [Literal(1), Literal(6)], IsInverted: true), [2, 3, 4, 5]),
            (new InCondition(S, [Literal("A"), Literal("b")], IgnoreCase: true), [1, 2, 3]),
            (new InvokeCondition("startsWith", S, [Literal("ca")]), [5]),
            (new InvokeCondition("isNull", null, [S]), [6]),
            (new IsNullCondition("S"), [6]),
            (new IsNaNCondition("D"), [2]),
            (new MatchesCondition("S", "[ab]"), [1, 3]),
            (new MatchesCondition("S", "[ab]", IgnoreCase: true, IsInverted: true), [4, 5]),
            (new ContainsCondition("S", "a"), [1, 5]),
            (new ContainsCondition("S", "B", IgnoreCase: true, IsInverted: true), [1, 4]),
            (new SearchCondition("cab", []), [5]),
            (new SearchCondition("cab", ["X"]), []),
            (new AllConditions([Compare(CompareOperator.Greater, X, 1), Compare(CompareOperator.Less, X, 4)]), [2, 3]),
            (new AnyCondition([Compare(CompareOperator.Equal, X, 1), new NotCondition(Compare(CompareOperator.Less, X, 6))]), [1, 6]),
        })
        {
            await using var kept = await table.FilterAsync([condition], Cancelled);
            Assert.Equal((condition, string.Join(' ', expected)), (condition, string.Join(' ', await RowsAsync(kept))));
        }

        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<WharfException>(() => table.FilterAsync([new IsNullCondition("Nope")], Cancelled))).StatusCode);
    }

    [Fact]
    public async Task Columns_are_made_kept_and_made_distinct()
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var table = await ImportAsync(session);
        string[] formulas = ["X", "Half = X / 2"];
        foreach (var (made, columns) in new (Task<Table>, string)[]
        {
            (table.UpdateAsync(formulas, Cancelled), "X S D Half"),
            (table.LazyUpdateAsync(formulas, Cancelled), "X S D Half"),
            (table.UpdateViewAsync(formulas, Cancelled), "X S D Half"),
            (table.ViewAsync(formulas, Cancelled), "X Half"),
            (table.SelectAsync(formulas, Cancelled), "X Half"),
            (table.SelectDistinctAsync(["S"], Cancelled), "S"),
            (table.FetchAsync(Cancelled), "X S D"),
        })
        {
            await using var result = await made;
            Assert.Equal((columns, 6), (string.Join(' ', result.Schema.FieldsList.Select(field => field.Name)), result.Size));
        }
    }

    private static CompareCondition Compare(CompareOperator by, FilterOperand left, object right, bool ignoreCase = false) => new(by, left, Literal(right), ignoreCase);

    private static LiteralOperand Literal(object value) => new(FormulaParameter.From(value));

    private static Task<Table> ImportAsync(Session session)
    {
        var numbers = new Int32Array.Builder().AppendRange([1, 2, 3, 4, 5, 6]).Build();
        var texts = new StringArray.Builder().AppendRange(["a", "B", "b", "", "cab", null]).Build();
        var doubles = new DoubleArray.Builder().AppendRange([1.5, double.NaN, -1, 0, 2, 3]).Build();
        return session.ImportAsync(Columns, [new RecordBatch(Columns, [numbers, texts, doubles], 6)], Cancelled);
    }

    private static async Task<IEnumerable<int>> RowsAsync(Table table) =>
        (await table.ToArrowAsync(Cancelled)).SelectMany(batch => ((Int32Array)batch.Column("X")).Values.ToArray());
}
