using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

/// <summary>Unions and columns of nulls in lists and trees; the expected rows were recorded from the reference server.</summary>
public sealed class UnionConditions
{
    [Theory]
    [InlineData("A in 1", "1")]
    [InlineData("A in 01, null", "1, 8")]
    [InlineData("A in 1.5", "2")]
    [InlineData("A in 1.5f", "2")]
    [InlineData("A in 1.5e0", "2")]
    [InlineData("A in -1.5", "")]
    [InlineData("A in `b`", "3")]
    [InlineData("A in \"b\", 1", "1, 3")]
    [InlineData("A in ``", "")]
    [InlineData("A in null", "8")]
    [InlineData("A icase in `B`", "")]
    [InlineData("A not in `b`, null", "0, 1, 2, 4, 5, 6, 7")]
    [InlineData("A not in 7", "0, 1, 2, 3, 4, 5, 6, 7, 8")]
    public void A_union_is_looked_up_in_a_list_by_value_and_type(string condition, string expected) =>
        Assert.Equal($"int [{expected}]", Kept(Mixed().Where(condition)));

    [Theory]
    [InlineData("A in 1L")]
    [InlineData("A in 'b'")]
    [InlineData("A in b")]
    [InlineData("A in true")]
    [InlineData("A in NaN")]
    [InlineData("A in 1e0")]
    [InlineData("A in 0x1")]
    [InlineData("A in 1_0")]
    [InlineData("A in 3000000000")]
    [InlineData("A in `b`, 1L")]
    public void A_list_for_a_union_has_texts_ints_and_doubles_only(string condition) =>
        Assert.Contains("java.lang.Object", Tables.Refused(() => Mixed().Where(condition)).Message, StringComparison.Ordinal);

    public static TheoryData<FormulaParameter, string> TreeLiterals => new()
    {
        { new LongParameter(1), "1" }, { new LongParameter(-1), "" }, { new DoubleParameter(1), "1" }, { new DoubleParameter(1.5), "2" },
        { new DoubleParameter(1e30), "" }, { new TextParameter("b"), "3" }, { new TextParameter(""), "" },
    };

    [Theory]
    [MemberData(nameof(TreeLiterals))]
    public void A_tree_compares_a_union_by_value_and_type(FormulaParameter value, string expected)
    {
        (ColumnOperand column, LiteralOperand literal) = (new("A"), new(value));
        string others = string.Join(", ", Enumerable.Range(0, 9).Select(static row => $"{row}").Where(row => row != expected));
        foreach (FilterCondition equal in (FilterCondition[])
            [
                new InCondition(column, [literal]),
                new CompareCondition(CompareOperator.Equal, column, literal),
                new CompareCondition(CompareOperator.Equal, literal, column),
            ])
        {
            Assert.Equal($"int [{expected}]", Kept(Mixed().Where(equal)));
            Assert.Equal($"int [{others}]", Kept(Mixed().Where(new NotCondition(equal))));
        }
    }

    [Fact]
    public void A_tree_list_for_a_union_has_texts_ints_and_doubles_only()
    {
        FormulaParameter[] values = [new BooleanParameter(true), new InstantParameter(0), new DoubleParameter(double.NaN), new LongParameter(3_000_000_000)];
        foreach (FormulaParameter value in values)
            Tables.Refused(() => Mixed().Where(new InCondition(new ColumnOperand("A"), [new LiteralOperand(value)])));
    }

    [Fact]
    public void A_column_of_nulls_is_looked_up_in_a_list()
    {
        ArrowTable nulls = Tables.Upload("A", new NullArray(2)).Update("Row = i");
        Assert.Equal(0, nulls.Where("A in 1, `a`").RowCount);
        Assert.Equal(2, nulls.Where("A not in 1").RowCount);
        Assert.Equal(2, nulls.Where("A in null, 1.5").RowCount);
        Assert.Equal(0, nulls.Where(new InCondition(new ColumnOperand("A"), [new LiteralOperand(new LongParameter(1))])).RowCount);
    }

    /// <summary>Rows 0 to 7 have a value of another type each: long, int, double, text, truth value, float, moment, byte; the last row is null.</summary>
    private static ArrowTable Mixed()
    {
        IArrowArray[] children =
        [
            new Int64Array.Builder().AppendRange(Enumerable.Repeat(1L, 8)).AppendNull().Build(),
            new Int32Array.Builder().AppendRange(Enumerable.Repeat(1, 9)).Build(),
            new DoubleArray.Builder().AppendRange(Enumerable.Repeat(1.5, 9)).Build(),
            new StringArray.Builder().AppendRange(Enumerable.Repeat("b", 9)).Build(),
            new BooleanArray.Builder().AppendRange(Enumerable.Repeat(true, 9)).Build(),
            new FloatArray.Builder().AppendRange(Enumerable.Repeat(1.5f, 9)).Build(),
            new TimestampArray.Builder(new TimestampType(TimeUnit.Nanosecond, "UTC")).AppendRange(Enumerable.Repeat(DateTimeOffset.UnixEpoch, 9)).Build(),
            new Int8Array.Builder().AppendRange(Enumerable.Repeat((sbyte)1, 9)).Build(),
        ];
        IEnumerable<Field> fields = children.Select(static (child, n) => new Field($"{n}", child.Data.DataType, true));
        var type = new UnionType([.. fields], Enumerable.Range(0, children.Length), UnionMode.Sparse);
        ArrowBuffer ids = new(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 0 });
        var union = new ArrayData(type, 9, 0, 0, [ids], children.Select(static child => child.Data));
        return Tables.Upload("A", ArrowArrayFactory.BuildArray(union)).Update("Row = i");
    }

    private static string Kept(ArrowTable table) => table.View("Row").Column("Row");
}
