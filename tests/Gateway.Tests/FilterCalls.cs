using Grpc.Core;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Gateway.Tests;

/// <summary>Filter and UnstructuredFilter.</summary>
public sealed class FilterCalls(Server server) : IClassFixture<Server>
{
    private static readonly Value A = new() { Reference = new Reference { ColumnName = "A" } };

    [Fact]
    public async Task Rows_are_kept_by_texts_and_by_trees_alone_and_in_a_batch()
    {
        using var session = await server.LoginAsync();
        var source = await TableAsync(session);
        var texts = await session.Tables.UnstructuredFilterAsync(
            new UnstructuredFilterTableRequest { ResultId = TestSession.Export(3), SourceId = source, Filters = { "A % 2 == 0", "A > 2" } }, session.Headers);
        Assert.Equal((true, 3L), (texts.Success, texts.Size));
        Condition condition = new() { And = new AndCondition { Filters = { Greater(2), new Condition { Not = new NotCondition { Filter = Greater(7) } } } } };
        var trees = await session.Tables.FilterAsync(new FilterTableRequest { ResultId = TestSession.Export(4), SourceId = source, Filters = { condition } }, session.Headers);
        Assert.Equal((true, 5L), (trees.Success, trees.Size));
        Assert.Equal(10, (await session.Tables.FilterAsync(new FilterTableRequest { ResultId = TestSession.Export(5), SourceId = source }, session.Headers)).Size);

        using var batch = session.Tables.Batch(
            new BatchTableRequest
            {
                Ops =
                {
                    new BatchTableRequest.Types.Operation { Filter = new() { SourceId = source, Filters = { Greater(4) } } },
                    new BatchTableRequest.Types.Operation
                    {
                        UnstructuredFilter = new() { SourceId = new() { BatchOffset = 0 }, ResultId = TestSession.Export(6), Filters = { "A in 1, 5, 9" } },
                    },
                },
            },
            session.Headers);
        var sizes = await batch.ResponseStream.ReadAllAsync().Select(static answer => answer.Size).ToListAsync();
        Assert.Equal([5, 2], sizes);
    }

    [Fact]
    public async Task What_is_wrong_with_a_condition_is_said_and_nothing_else_is_touched()
    {
        using var session = await server.LoginAsync();
        var source = await TableAsync(session);
        var wrong = await Failures.OfAsync(session.Tables.UnstructuredFilterAsync(
            new UnstructuredFilterTableRequest { ResultId = TestSession.Export(3), SourceId = source, Filters = { "A > 1 &&" } }, session.Headers));
        Assert.Equal(StatusCode.InvalidArgument, wrong.StatusCode);
        Assert.Contains("\n  A > 1 &&\n          ^", wrong.Status.Detail, StringComparison.Ordinal);
        await Failures.IsAsync(StatusCode.InvalidArgument, Filter(new Condition()));
        await Failures.IsAsync(StatusCode.InvalidArgument, Filter(new Condition { Compare = new CompareCondition { Lhs = A } }));
        await Failures.IsAsync(StatusCode.InvalidArgument, Filter(new Condition { Compare = new CompareCondition { Operation = (CompareCondition.Types.CompareOperation)9, Lhs = A, Rhs = A } }));
        await Failures.IsAsync(StatusCode.InvalidArgument, Filter(new Condition { IsNull = new IsNullCondition { Reference = new Reference { ColumnName = "Nope" } } }));
        await Failures.IsAsync(StatusCode.FailedPrecondition, session.Tables.FilterAsync(new FilterTableRequest { SourceId = source, Filters = { Greater(1) } }, session.Headers));
        Assert.True((await session.Tables.UnstructuredFilterAsync(
            new UnstructuredFilterTableRequest { ResultId = TestSession.Export(9), SourceId = source, Filters = { "A > 1" } }, session.Headers)).Success);

        AsyncUnaryCall<ExportedTableCreationResponse> Filter(Condition condition) =>
            session.Tables.FilterAsync(new FilterTableRequest { ResultId = TestSession.Export(8), SourceId = source, Filters = { condition } }, session.Headers);
    }

    private static Condition Greater(long than) => new()
    {
        Compare = new CompareCondition { Operation = CompareCondition.Types.CompareOperation.GreaterThan, Lhs = A, Rhs = new Value { Literal = new Literal { LongValue = than } } },
    };

    private static async Task<TableReference> TableAsync(TestSession session)
    {
        await session.EmptyTableAsync(1, 10);
        await session.Tables.UpdateAsync(
            new SelectOrUpdateRequest { ResultId = TestSession.Export(2), SourceId = new() { Ticket = TestSession.Export(1) }, ColumnSpecs = { "A = i" } }, session.Headers);
        return new TableReference { Ticket = TestSession.Export(2) };
    }
}
