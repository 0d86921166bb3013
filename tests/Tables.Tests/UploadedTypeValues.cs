using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

/// <summary>
/// Values of formulas and filters over uploaded types without arithmetic. They were recorded from the reference server, unless a comment states otherwise.
/// </summary>
public sealed class UploadedTypeValues
{
    private static readonly ArrowTable Bytes = Upload(Lists(Int8Type.Default, [1, 0x80, 3, 1], [0, 3, 3, 4]));

    [Theory]
    [InlineData("A[0]", "byte [1, null, 1]")]
    [InlineData("sum(A)", "long [4, null, 1]")]
    [InlineData("avg(A)", "double [2, null, 1]")]
    [InlineData("max(A)", "byte [3, null, 1]")]
    [InlineData("count(A)", "long [2, null, 1]")]
    [InlineData("len(A)", "long [3, null, 1]")]
    [InlineData("isNull(A)", "java.lang.Boolean [false, true, false]")]
    [InlineData("A == null", "java.lang.Boolean [false, true, false]")]
    [InlineData("A_[1] == null", "java.lang.Boolean [true, true, true]")]
    [InlineData("A_.size()", "long [3, 3, 3]")]
    public void A_list_of_bytes_is_an_array_of_bytes(string formula, string expected) => Assert.Equal(expected, Bytes.View("X = " + formula).Column("X"));

    [Theory]
    [InlineData("`` + A", "java.lang.String [{k=1}, null, {}]")]
    [InlineData("A == A", "java.lang.Boolean [true, true, true]")]
    [InlineData("i > 0 ? A : null", "java.util.Map [null, null, {}]")]
    [InlineData("A_[0]", "java.util.Map [{k=1}, {k=1}, {k=1}]")]
    [InlineData("isNull(A)", "java.lang.Boolean [false, true, false]")]
    public void A_map_has_the_text_of_its_entries(string formula, string expected) => Assert.Equal(expected, Upload(Map()).View("X = " + formula).Column("X"));

    [Theory]
    [InlineData(UnionMode.Sparse, "`` + A", "java.lang.String [1, y, 3]")]
    [InlineData(UnionMode.Dense, "`` + A", "java.lang.String [1, y, 3]")]
    [InlineData(UnionMode.Sparse, "A_[0]", "java.lang.Object [1, 1, 1]")]
    [InlineData(UnionMode.Dense, "i > 0 ? A : null", "java.lang.Object [null, y, 3]")]
    [InlineData(UnionMode.Dense, "A == A", "java.lang.Boolean [true, true, true]")]
    [InlineData(UnionMode.Sparse, "A == ii + 1", "java.lang.Boolean [true, false, true]")]
    [InlineData(UnionMode.Dense, "`y` != A", "java.lang.Boolean [true, false, true]")]
    [InlineData(UnionMode.Dense, "A == 1", "java.lang.Boolean [false, false, false]")]
    public void A_union_has_the_text_of_its_value(UnionMode mode, string formula, string expected) =>
        Assert.Equal(expected, Upload(Union(mode)).View("X = " + formula).Column("X"));

    [Fact]
    public void A_union_within_a_union_has_the_type_of_its_value()
    {
        IArrowArray inner = Union(UnionMode.Sparse);
        var type = new UnionType([new Field("0", inner.Data.DataType, true), new Field("1", StringType.Default, true)], [0, 1], UnionMode.Sparse);
        var union = new ArrayData(type, 3, 0, 0, [new ArrowBuffer(new byte[] { 0, 0, 1 })], [inner.Data, Texts("x", "y", "y").Data]);
        ArrowTable table = Upload(Array(union)).Update("Row = i");
        Assert.Equal("int [0]", table.Where("A == 1L").View("Row").Column("Row"));
        Assert.Equal("int [1, 2]", table.Where("A in `y`").View("Row").Column("Row"));
    }

    [Fact]
    public void An_interval_of_months_days_and_nanoseconds_has_the_text_of_both_parts_and_stays_an_interval()
    {
        byte[] intervals = [.. MemoryMarshal.AsBytes<int>([1, 2, 3, 0, 0, 0, 0, 0, 4, 5, 6, 0])];
        ArrowTable table = Upload(Array(new ArrayData(IntervalType.MonthDayNanosecond, 3, 1, 0, [Valid, new ArrowBuffer(intervals)])));
        Assert.Equal("java.lang.String [P1M2D PT0.000000003S, null, P4M5D PT0.000000006S]", table.View("X = `` + A").Column("X"));
        ArrowTable chosen = table.View("X = i > 0 ? A : null", "Y = `` + X");
        Assert.Equal("java.lang.String [null, null, P4M5D PT0.000000006S]", chosen.Column("Y"));
        Assert.Equal(IntervalUnit.MonthDayNanosecond, ((IntervalType)chosen.Field("X").DataType).Unit);
        Assert.Equal("java.lang.String [P1M2D PT0.000000003S, P1M2D PT0.000000003S, P1M2D PT0.000000003S]", table.View("X = `` + A_[0]").Column("X"));
    }

    [Fact]
    public void Intervals_of_days_and_of_months_are_durations_and_periods()
    {
        // The current client cannot send these types, so the values are not from the reference server.
        ArrowTable days = Upload(Array(new ArrayData(IntervalType.DayTime, 2, 0, 0, [ArrowBuffer.Empty, Ints(1, 500, -1, 0)])));
        Assert.Equal("java.lang.String [PT24H0.5S, PT-24H]", days.View("X = `` + A").Column("X"));
        ArrowTable months = Upload(Array(new ArrayData(IntervalType.YearMonth, 2, 0, 0, [ArrowBuffer.Empty, Ints(3, -14)])));
        Assert.Equal("java.lang.String [P3M, P-14M]", months.View("X = `` + A").Column("X"));
    }

    [Fact]
    public void Small_decimals_are_decimals()
    {
        ArrowTable table = Upload(Array(new ArrayData(new Decimal32Type(9, 2), 2, 0, 0, [ArrowBuffer.Empty, Ints(151, -225)])));
        Assert.Equal("java.lang.String [1.51, -2.25]", table.View("X = `` + A").Column("X"));
    }

    [Theory]
    [InlineData("A == null", "1")]
    [InlineData("null == A", "1")]
    [InlineData("A != null", "0, 2")]
    [InlineData("isNull(A)", "1")]
    public void A_condition_tests_arrays_for_null(string condition, string expected)
    {
        Assert.Equal($"int [{expected}]", Bytes.Update("Row = i").Where(condition).View("Row").Column("Row"));
        Assert.Equal($"int [{expected}]", Upload(Map()).Update("Row = i").Where(condition).View("Row").Column("Row"));
    }

    [Fact]
    public void A_tree_does_not_compare_arrays()
    {
        ColumnOperand array = new("A");
        foreach (FilterOperand other in (FilterOperand[])[array, new LiteralOperand(new LongParameter(5)), new LiteralOperand(new TextParameter("a"))])
        {
            TableException refused = Tables.Refused(() => Bytes.Where(new CompareCondition(CompareOperator.Equal, array, other)));
            Assert.Contains("boolean[]", refused.Message, StringComparison.Ordinal);
            Tables.Refused(() => Bytes.Where(new InCondition(array, [other])));
        }

        Assert.Equal(1, Bytes.Where(new IsNullCondition("A")).RowCount);
    }

    [Fact]
    public void Arrays_have_no_order()
    {
        Assert.Contains("sortable", Tables.Refused(() => Bytes.View("X = sortObj(A_)")).Message, StringComparison.Ordinal);
        Assert.Equal("byte [null, null, null]", Bytes.View("X = sort(A_[0])", "Y = X[0]").Column("Y"));
    }

    [Fact]
    public void A_search_looks_into_arrays_of_texts()
    {
        var lists = new ArrayData(new ListType(StringType.Default), 3, 0, 0, [ArrowBuffer.Empty, Ints(0, 2, 2, 3)], [Texts("x", "Ya", "b").Data]);
        ArrowTable table = Upload(Array(lists));
        Assert.Equal(1, table.Where(new SearchCondition("yA", [])).RowCount);
        Assert.Equal(0, table.Where(new SearchCondition("c", [])).RowCount);
    }

    [Fact]
    public void Runs_are_written_out()
    {
        ArrowTable table = Upload(Runs(5, 2, 5));
        Assert.Equal("java.lang.String [a, a, b, b, b]", table.Column("A"));
        Assert.Equal("java.lang.String [a, b]", Upload(ArrowArrayFactory.Slice(Runs(5, 2, 5), 1, 2)).Column("A"));
        Assert.Equal(ArrowTypeId.String, table.Field("A").DataType.TypeId);
    }

    [Fact]
    public void Runs_that_end_too_early_or_promise_too_much_are_refused()
    {
        Assert.Contains("end before its rows", Tables.Refused(() => Upload(Runs(5, 2, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("exceeds the memory", Tables.Refused(() => Upload(Runs(int.MaxValue, 1, int.MaxValue)), TableError.ResourceExhausted).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_and_unions_that_point_outside_of_their_data_are_refused()
    {
        ArrayData element = new Int32Array.Builder().Append(1).Build().Data, text = Texts("x").Data;
        var union = new UnionType([new Field("0", Int32Type.Default, true), new Field("1", StringType.Default, true)], [0, 1], UnionMode.Dense);
        ArrayData List(int size) => new(new ListViewType(Int32Type.Default), 1, 0, 0, [ArrowBuffer.Empty, Ints(0), Ints(size)], [element]);
        ArrayData Text(int buffer) => new(StringViewType.Default, 1, 0, 0, [ArrowBuffer.Empty, Ints(13, 0, buffer, 0), new ArrowBuffer(new byte[13])]);
        ArrayData Dense(byte id, int place) => new(union, 1, 0, 0, [new ArrowBuffer(new[] { id }), Ints(place)], [element, text]);
        foreach (ArrayData right in (ArrayData[])[List(1), Text(0), Dense(1, 0)])
            Assert.Equal(1, Upload(Array(right)).RowCount);
        foreach (ArrayData wrong in (ArrayData[])[List(2), List(-1), Text(1), Text(-1), Dense(2, 0), Dense(1, 1), Dense(0, -1)])
            Tables.Refused(() => Upload(Array(wrong)));
    }

    [Theory]
    [InlineData(0, 128)]
    [InlineData(-1, 1)]
    public void A_union_whose_type_ids_do_not_fit_into_a_byte_is_refused(int first, int second)
    {
        var type = new UnionType([new Field("0", Int32Type.Default, true), new Field("1", Int32Type.Default, true)], [first, second], UnionMode.Sparse);
        ArrayData empty = new Int32Array.Builder().Build().Data;
        TableException refused = Tables.Refused(() => Upload(Array(new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty], [empty, empty]))));
        Assert.Contains("type id", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duration_of_more_days_than_nanoseconds_can_count_is_kept_and_refused_in_formulas()
    {
        ArrowTable days = Upload(Array(new ArrayData(IntervalType.DayTime, 2, 0, 0, [ArrowBuffer.Empty, Ints(int.MaxValue, 0, 1, 0)])));
        Assert.Contains("outside of the range of formulas", Tables.Refused(() => days.View("X = A == A")).Message, StringComparison.Ordinal);
        Assert.Equal(1, days.Where("i == 0").RowCount);
    }

    private static ArrowBuffer Valid => new(new byte[] { 0b101 });

    private static ArrowTable Upload(IArrowArray array) => Tables.Upload("A", array);

    private static IArrowArray Array(ArrayData data) => ArrowArrayFactory.BuildArray(data);

    private static ArrowBuffer Ints(params int[] values) => new(MemoryMarshal.AsBytes<int>(values).ToArray());

    private static StringArray Texts(params string[] texts) => new StringArray.Builder().AppendRange(texts).Build();

    /// <summary>Lists of three rows, the second of them null; the second element of all is null, too.</summary>
    private static IArrowArray Lists(IArrowType element, byte[] elements, int[] offsets)
    {
        var values = new ArrayData(element, elements.Length, 1, 0, [new ArrowBuffer(new byte[] { 0b1101 }), new ArrowBuffer(elements)]);
        return Array(new ArrayData(new ListType(element), 3, 1, 0, [Valid, Ints(offsets)], [values]));
    }

    private static IArrowArray Map()
    {
        var type = new MapType(StringType.Default, Int32Type.Default);
        var entries = new ArrayData(type.Fields[0].DataType, 1, 0, 0, [ArrowBuffer.Empty], [Texts("k").Data, new Int32Array.Builder().Append(1).Build().Data]);
        return Array(new ArrayData(type, 3, 1, 0, [Valid, Ints(0, 1, 1, 1)], [entries]));
    }

    private static IArrowArray Union(UnionMode mode)
    {
        var type = new UnionType([new Field("0", Int64Type.Default, true), new Field("1", StringType.Default, true)], [0, 1], mode);
        ArrowBuffer ids = new(new byte[] { 0, 1, 0 });
        return mode == UnionMode.Sparse
            ? Array(new ArrayData(type, 3, 0, 0, [ids], [new Int64Array.Builder().Append(1).Append(2).Append(3).Build().Data, Texts("x", "y", "z").Data]))
            : Array(new ArrayData(type, 3, 0, 0, [ids, Ints(0, 0, 1)], [new Int64Array.Builder().Append(1).Append(3).Build().Data, Texts("y").Data]));
    }

    private static IArrowArray Runs(int rows, params int[] ends)
    {
        var runs = new ArrayData(Int32Type.Default, ends.Length, 0, 0, [ArrowBuffer.Empty, Ints(ends)]);
        return Array(new ArrayData(new RunEndEncodedType(Int32Type.Default, StringType.Default), rows, 0, 0, [], [runs, Texts("a", "b").Data]));
    }
}
