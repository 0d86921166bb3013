using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns;
using Wharf.Tables.Uploads;
using Column = Wharf.Tables.Columns.Column;

namespace Wharf.Tables.Tests;

/// <summary>
/// Every uploadable Arrow type in every operation, formula family and filter form: the result can be read, or the error has a message of this server.
/// </summary>
public sealed class EveryTypeInEveryOperation
{
    private const int Rows = 5;

    // Messages of a library or of the runtime do not count as refusals.
    private static readonly string[] Foreign =
        ["Parameter '", "Index was", "Specified", "Exception", "Object reference", "Unable to cast", "Arithmetic operation", "Wharf.", "System.", "Apache.", "`1"];

    public static TheoryData<string> Types => [.. UploadableTypes.All.Keys];

    private static IEnumerable<TableOperation> Operations =>
    [
        new FetchTable(),
        .. new[] { "X = A", "X = 1", "A", "B = A", "A = 1" }
            .SelectMany(static formula => Enum.GetValues<SelectKind>().Select(kind => new SelectOrUpdate(kind, [formula]))),
        .. Formulas.Select(static formula => new SelectOrUpdate(SelectKind.View, ["X = " + formula])),
        .. Formulas.Select(static formula => new SelectOrUpdate(SelectKind.Update, ["A = " + formula, "Y = isNull(A)"])),
        .. Conditions.Select(static condition => new UnstructuredFilter([condition])),
        .. Trees.Select(static tree => new Filter([tree])),
        .. Trees.Select(static tree => new Filter([new NotCondition(tree)])),
        new SelectDistinct(["A"]), new SelectDistinct(["B", "A"]), new SelectDistinct([]),
    ];

    private static string[] Formulas =>
    [
        "isNull(A)", "A == null", "A != null", "A == A", "A != A", "A < A", "A >= A", "A == B", "A == 1", "A == `a`", "A == 'a'",
        "A == true", "A > 1.5", "A in A",
        "`` + A", "A + `x`", "String.valueOf(A)", "A.toString()", "A[0]", "A[1]", "A[9]", "A[0][0]", "isNull(A[0])", "`` + A[0]",
        "A[0] + 1", "A.length", "A.size()", "A.subVector(0, 1)", "len(A)",
        "A_", "A_[0]", "A_[i - 1]", "`` + A_", "A_.size()", "A_[1] == null", "A_.subVector(0, 2)", "A_[0] == A", "sum(A)", "sum(A_)",
        "avg(A)", "avg(A_)", "std(A)", "min(A)", "max(A)", "median(A)",
        "minObj(A)", "maxObj(A_)", "sort(A)", "sort(A_)", "sortObj(A)", "sortObj(A_)", "sortDescendingObj(A_)", "rankObj(A_)", "rank(A)",
        "reverse(A)", "reverseObj(A_)", "distinct(A)", "distinctObj(A_)",
        "uniqueObj(A_)", "countDistinctObj(A_)", "count(A)", "countObj(A_)", "first(A)", "firstObj(A_)", "last(A)", "lastObj(A_)",
        "nth(1, A)", "nthObj(1, A_)", "array(A)", "vec(A)", "vecObj(A_)", "enlist(A)",
        "concat(A, A)", "firstIndexOf(1, A)", "firstIndexOfObj(A, A_)", "in(A, A)", "inObj(A, A_)", "cumsum(A)", "forwardFill(A)",
        "forwardFillObj(A_)", "replaceIfNull(A, A)",
        "i > 1 ? A : null", "i > 1 ? null : A", "i == 0 ? A : A_[2]", "A + 1", "A - A", "A * 2", "A / 2", "A % 2", "-A", "!A", "A && true", "A & 1", "A + A",
        "(int)A", "(long)A", "(double)A", "(String)A", "(char)A", "intCast(A)", "longCast(A)", "abs(A)", "sqrt(A)", "compare(A, A)",
        "A.equals(A)", "hashCode(A)", "epochNanos(A)", "A + 'P1D'", "A + 'PT1S'",
        "new Object[]{A}", "plus(A, 1)", "eqArray(A, A)", "isNaN(A)", "isNotNull(A)", "random()", "A.hashCode()", "signum(A)",
        "toUpperCase(A)", "A.contains(`a`)",
    ];

    private static string[] Conditions =>
    [
        "B > 1", "true", "false", "isNull(A)", "!isNull(A)", "A == null", "null == A", "A != null", "A == A", "A = B", "A < A",
        "A <= null", "A > 1", "A == 1", "A == `a`", "A == 'a'", "A == 1.5", "A == NaN",
        "A in 1", "A in `a`", "A in 'a'", "A in 1.5", "A in true", "A in 'P1D', '12:00'", "A not in 1", "A icase in `A`",
        "A icase not in `A`", "A includes `a`", "A icase not includes any `a`, `b`", "A == B && isNull(A)",
        "A[0] == 1", "isNull(A[0])", "A_[0] == A", "len(A) > 0", "(`` + A).contains(`a`)", "in(A, A)", "A", "A_",
    ];

    private static IEnumerable<FilterCondition> Trees
    {
        get
        {
            ColumnOperand a = new("A"), b = new("B");
            FormulaParameter[] values =
                [new LongParameter(1), new TextParameter("a"), new DoubleParameter(1.5), new BooleanParameter(true), new InstantParameter(1)];
            LiteralOperand[] literals = [.. values.Select(static value => new LiteralOperand(value))];
            foreach (CompareOperator how in Enum.GetValues<CompareOperator>())
            {
                foreach (FilterOperand other in (FilterOperand[])[a, b, .. literals])
                {
                    yield return new CompareCondition(how, a, other);
                    yield return new CompareCondition(how, other, a, IgnoreCase: true);
                }
            }

            foreach (FilterOperand other in (FilterOperand[])[a, b, .. literals])
            {
                yield return new InCondition(a, [other]);
                yield return new InCondition(a, [other, b], IgnoreCase: true, IsInverted: true);
                yield return new InvokeCondition("equals", a, [other]);
                yield return new InvokeCondition("in", null, [a, other]);
            }

            yield return new InvokeCondition("isNull", null, [a]);
            yield return new InvokeCondition("sum", null, [a]);
            yield return new IsNullCondition("A");
            yield return new IsNaNCondition("A");
            yield return new MatchesCondition("A", "a.*");
            yield return new ContainsCondition("A", "a", IgnoreCase: true);
            yield return new SearchCondition("a", []);
            yield return new SearchCondition("1", ["A"]);
            yield return new AllConditions([new IsNullCondition("A"), new AnyCondition([])]);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_type_is_served_or_refused_with_a_message(string name)
    {
        ArrowTable[] tables = [Upload(UploadableTypes.All[name], [Rows]), Upload(UploadableTypes.All[name], [2, 3, 1])];
        TableEngine engine = Tables.Engine();
        var wrong = new List<string>();
        foreach (TableOperation operation in Operations)
        {
            foreach (ArrowTable table in tables)
            {
                try
                {
                    Read(engine.Run(operation, [table], TestContext.Current.CancellationToken));
                }
                catch (TableException refused) when (!Foreign.Any(text => refused.Message.Contains(text, StringComparison.Ordinal)))
                {
                }
                catch (Exception failed) when (failed is not OperationCanceledException)
                {
                    string? place = failed.StackTrace?.Split('\n').FirstOrDefault(static line => line.Contains("Wharf.Tables.", StringComparison.Ordinal));
                    wrong.Add($"{Shown(operation)}: {failed.GetType().Name}: {failed.Message} {place}");
                    break;
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} operations on {name}:\n" + string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_type_is_tested_for_null_and_shown_as_text(string name)
    {
        ArrowTable table = Upload(UploadableTypes.All[name], [Rows, 2]);
        string[] texts = Column(table.View("X = `` + A")), nulls = Column(table.View("X = isNull(A)"));
        Assert.Equal(Rows + 2, texts.Length);
        Assert.Equal(texts.Select(static text => text == "null" ? "true" : "false"), nulls);
        string[] kept = Column(table.Where("A != null").View("X = B")), isNull = Column(table.Where(new IsNullCondition("A")).View("X = B"));
        Assert.Equal(Enumerable.Range(0, Rows + 2).Select(static n => n.ToString()), kept.Concat(isNull).Order(StringComparer.Ordinal));
        Assert.Equal(isNull, Column(table.Where("isNull(A)").View("X = B")));
        Assert.Equal(isNull, Column(table.Where("A == null").View("X = B")));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_type_comes_back_as_it_was_sent_in_any_batches_and_on_another_node(string name)
    {
        IArrowType plain = PlainArrays.TypeOf(UploadableTypes.All[name]);
        ArrowTable table = Upload(UploadableTypes.All[name], [Rows, 1, 2]);
        string[] texts = Column(table.View("X = `` + A"));
        foreach (ArrowTable shown in new[] { table, table.View("A", "B"), table.Update("C = 1"), table.View("A") })
        {
            foreach (int rows in new[] { int.MaxValue, 4, 1 })
            {
                (Schema schema, List<RecordBatch> batches) = Tables.OverTheWire(shown, rows);
                Assert.Equal(plain.TypeId, schema.FieldsList[0].DataType.TypeId);
                Assert.Equal(table.Field("A").Metadata["deephaven:type"], schema.FieldsList[0].Metadata["deephaven:type"]);

                ArrowTable fetched = ArrowTable.FromBatches(schema, batches);
                Assert.Equal(texts, Column(fetched.View("X = `` + A")));
            }
        }
    }

    [Fact]
    public void The_test_notices_a_text_of_the_runtime() =>
        Assert.Contains(Foreign, static text => "Index was outside the bounds of the array.".Contains(text, StringComparison.Ordinal));

    private static ArrowTable Upload(IArrowType type, int[] batches)
    {
        var schema = new Schema([new Field("A", type, true), new Field("B", Int64Type.Default, true)], null);
        int start = 0;
        return ArrowTable.FromBatches(schema, [.. batches.Select((rows, n) =>
        {
            Int64Array numbers = new Int64Array.Builder().AppendRange(Enumerable.Range(start, rows).Select(static row => (long)row)).Build();
            start += rows;
            return new RecordBatch(schema, [SampleArrays.Of(type, rows, n), numbers], rows);
        })]);
    }

    private static void Read(ArrowTable table)
    {
        table.Describe();
        (Schema schema, List<RecordBatch> batches) = Tables.OverTheWire(table);
        Assert.Equal(table.RowCount, batches.Sum(static batch => (long)batch.Length));
        if (batches.Count > 0 && table.Columns.Count > 0)
            ArrowTable.FromBatches(schema, batches);
    }

    private static string[] Column(ArrowTable table) =>
        [.. table.ReadBatches().SelectMany(static batch => Enumerable.Range(0, batch.Length).Select(row => batch.Column(0) switch
        {
            StringArray texts => texts.GetString(row),
            BooleanArray truths => truths.GetValue(row) is true ? "true" : "false",
            Int64Array numbers => numbers.GetValue(row)!.Value.ToString(),
            var other => throw new ArgumentException(other.GetType().Name),
        }))];

    private static string Shown(TableOperation operation) => operation switch
    {
        SelectOrUpdate select => $"{select.Kind} {string.Join("; ", select.Columns)}",
        UnstructuredFilter where => "where " + where.Conditions[0],
        Filter filter => "filter " + filter.Conditions[0],
        SelectDistinct distinct => "distinct " + string.Join(", ", distinct.Columns),
        _ => operation.ToString(),
    };
}
