using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;

namespace Wharf.Cli.Tests;

/// <summary>An array of one Arrow type.</summary>
/// <param name="Name">The name in test output.</param>
/// <param name="Array">The values.</param>
/// <param name="Json">Each value as JSON.</param>
/// <param name="IsInParquet">Whether Parquet supports the type.</param>
/// <param name="IsReadBack">Whether the Parquet reader of these tests supports the type.</param>
internal sealed record ArrowSample(string Name, IArrowArray Array, string[] Json, bool IsInParquet = true, bool IsReadBack = true)
{
    public Schema Schema => new([new Field("C", Array.Data.DataType, nullable: true)], []);

    public RecordBatch Batch => new(Schema, [Array], Array.Length);

    /// <summary>Each value as in a CSV file: strings unquoted, null as null.</summary>
    public IEnumerable<string?> Texts =>
        Json.Select(static text => text == "null" ? null : JsonNode.Parse(text) is JsonValue value && value.TryGetValue(out string? bare) ? bare : text);
}

/// <summary>Arrays of every Arrow type, with a null, an empty value and edge cases.</summary>
internal static class ArrowSamples
{
    private static readonly string[] Numbers = ["1", "null", "100"];

    public static IReadOnlyList<ArrowSample> All { get; } = [.. Simple(), .. Times(), .. Decimals(), .. Nested(), .. Encoded()];

    public static ArrowSample Find(string name) => All.Single(sample => sample.Name == name);

    private static IEnumerable<ArrowSample> Simple()
    {
        yield return new("null", new NullArray(2), ["null", "null"]);
        yield return new("bool", new BooleanArray.Builder().Append(true).AppendNull().Append(false).Build(), ["true", "null", "false"]);
        yield return new("int8", new Int8Array.Builder().Append(1).AppendNull().Append(100).Build(), Numbers);
        yield return new("int16", new Int16Array.Builder().Append(1).AppendNull().Append(100).Build(), Numbers);
        yield return new("int32", Ints(1, null, 100), Numbers);
        yield return new("int64", new Int64Array.Builder().Append(1).AppendNull().Append(9_007_199_254_740_993).Build(), ["1", "null", "9007199254740993"]);
        yield return new("uint8", new UInt8Array.Builder().Append(1).AppendNull().Append(100).Build(), Numbers);
        yield return new("uint16", new UInt16Array.Builder().Append('a').AppendNull().Append(',').Append('\\').Build(), ["\"a\"", "null", "\",\"", "\"\\\\\""]);
        yield return new("uint32", new UInt32Array.Builder().Append(1).AppendNull().Append(4_000_000_000).Build(), ["1", "null", "4000000000"]);
        yield return new(
            "uint64", new UInt64Array.Builder().Append(1).AppendNull().Append(18_446_744_073_709_551_614).Build(), ["1", "null", "18446744073709551614"]);
        yield return new("half", new HalfFloatArray.Builder().Append((Half)1.5).AppendNull().Append((Half)0.1).Build(), ["1.5", "null", "0.0999755859375"]);
        yield return new("float", new FloatArray.Builder().Append(1.5f).AppendNull().Append(float.NegativeInfinity).Build(), ["1.5", "null", "\"-Infinity\""]);
        yield return new(
            "double", new DoubleArray.Builder().Append(0.1).AppendNull().Append(double.NaN).Append(1e300).Build(), ["0.1", "null", "\"NaN\"", "1E+300"]);
        string[] texts = ["\"a,\\\"b\\\"\\n\"", "null", "\"\"", "\"null\""];
        yield return new("string", new StringArray.Builder().Append("a,\"b\"\n").AppendNull().Append("").Append("null").Build(), texts);
        yield return new("large_string", new LargeStringArray.Builder().Append("a,\"b\"\n").AppendNull().Append("").Append("null").Build(), texts);
        yield return new("string_view", new StringViewArray.Builder().Append("a,\"b\"\n").AppendNull().Append("").Append("null").Build(), texts);
        string[] bytes = ["\"AP8=\"", "null", "\"\""];
        yield return new("binary", new BinaryArray.Builder().Append([0, 255]).AppendNull().Append([]).Build(), bytes);
        yield return new("large_binary", new LargeBinaryArray.Builder().Append([0, 255]).AppendNull().Append([]).Build(), bytes);
        yield return new("binary_view", new BinaryViewArray.Builder().Append([0, 255]).AppendNull().Append([]).Build(), bytes);
        yield return new(
            "fixed_size_binary", Of(new FixedSizeBinaryType(2), 3, 1, [Valid(true, false, true), new(new byte[] { 0, 255, 0, 0, 1, 2 })]),
            ["\"AP8=\"", "null", "\"AQI=\""]);
    }

    private static IEnumerable<ArrowSample> Times()
    {
        yield return new(
            "date32", Of(Date32Type.Default, 3, 1, [Valid(true, false, true), Bytes(1, 0, -719_529)]), ["\"1970-01-02\"", "null", "\"-0001-12-31\""]);
        yield return new(
            "date64", Of(Date64Type.Default, 3, 1, [Valid(true, false, true), Bytes(86_400_000L, 0, -86_400_000)]),
            ["\"1970-01-02\"", "null", "\"1969-12-31\""]);
        yield return new("time32[s]", Of(Time32Type.Second, 3, 1, [Valid(true, false, true), Bytes(0, 0, 86_399)]), ["\"00:00:00\"", "null", "\"23:59:59\""]);
        yield return new(
            "time32[ms]", Of(Time32Type.Millisecond, 3, 1, [Valid(true, false, true), Bytes(0, 0, 86_399_999)]), ["\"00:00:00\"", "null", "\"23:59:59.999\""]);
        yield return new("time64[us]", Of(Time64Type.Microsecond, 2, 1, [Valid(true, false), Bytes(1L, 0)]), ["\"00:00:00.000001\"", "null"]);
        yield return new("time64[ns]", Of(Time64Type.Nanosecond, 2, 1, [Valid(true, false), Bytes(1L, 0)]), ["\"00:00:00.000000001\"", "null"]);
        foreach (var (unit, name, least) in new[] { (TimeUnit.Second, "s", "1969-12-31T23:59:59"), (TimeUnit.Millisecond, "ms", "1969-12-31T23:59:59.999"),
            (TimeUnit.Microsecond, "us", "1969-12-31T23:59:59.999999"), (TimeUnit.Nanosecond, "ns", "1969-12-31T23:59:59.999999999") })
        {
            ArrowBuffer[] buffers = [Valid(true, false, true), Bytes(0L, 0, -1)];
            yield return new(
                $"timestamp[{name}]", Of(new TimestampType(unit, (string?)null), 3, 1, buffers), ["\"1970-01-01T00:00:00\"", "null", $"\"{least}\""]);
            yield return new(
                $"timestamp[{name}, zone]", Of(new TimestampType(unit, "Asia/Tokyo"), 3, 1, buffers), ["\"1970-01-01T00:00:00Z\"", "null", $"\"{least}Z\""]);
            yield return new(
                $"duration[{name}]", Of(DurationType.FromTimeUnit(unit), 3, 1, buffers),
                ["\"PT0S\"", "null", name == "s" ? "\"PT-1S\"" : $"\"PT-0.{least[20..].Replace('9', '0')[..^1]}1S\""]);
        }

        yield return new("timestamp[s], far years", Of(new TimestampType(TimeUnit.Second, (string?)null), 2, 0, [ArrowBuffer.Empty, Bytes(253_402_300_800L, -62_167_219_201)]),
            ["\"+10000-01-01T00:00:00\"", "\"-0001-12-31T23:59:59\""]);
        yield return new(
            "interval[year_month]", new YearMonthIntervalArray.Builder().Append(new YearMonthInterval(14)).AppendNull().Build(), ["\"P14M\"", "null"],
            IsInParquet: false);
        yield return new(
            "interval[day_time]", new DayTimeIntervalArray.Builder().Append(new DayTimeInterval(-1, 1)).AppendNull().Build(), ["\"P-1DT0.001S\"", "null"],
            IsInParquet: false);
        yield return new("interval[month_day_nano]", new MonthDayNanosecondIntervalArray.Builder().Append(new MonthDayNanosecondInterval(1, -2, -3)).AppendNull().Build(),
            ["\"P1M-2DT-0.000000003S\"", "null"], IsInParquet: false);
    }

    private static IEnumerable<ArrowSample> Decimals()
    {
        string[] values = ["\"1.50\"", "null", "\"-0.05\""];
        yield return new("decimal32", Of(new Decimal32Type(5, 2), 3, 1, [Valid(true, false, true), Bytes(150, 0, -5)]), values);
        yield return new("decimal64", Of(new Decimal64Type(12, 2), 3, 1, [Valid(true, false, true), Bytes(150L, 0, -5)]), values);
        yield return new("decimal128", Of(new Decimal128Type(20, 2), 3, 1, [Valid(true, false, true), Bytes(150L, 0, 0, 0, -5, -1)]), values);
        yield return new(
            "decimal256", Of(new Decimal256Type(50, 2), 3, 1, [Valid(true, false, true), Bytes(150L, 0, 0, 0, 0, 0, 0, 0, -5, -1, -1, -1)]), values);
        yield return new(
            "decimal128 of negative scale", Of(new Decimal128Type(10, -2), 2, 0, [ArrowBuffer.Empty, Bytes(12L, 0, -25, -1)]), ["\"1200\"", "\"-2500\""],
            IsInParquet: false);
        yield return new(
            "decimal128 without a fraction", Of(new Decimal128Type(10, 0), 2, 0, [ArrowBuffer.Empty, Bytes(0L, 0, -25, -1)]), ["\"0\"", "\"-25\""]);
    }

    private static IEnumerable<ArrowSample> Nested()
    {
        var item = new Field("item", Int32Type.Default, nullable: true);
        string[] lists = ["[1,null]", "null", "[]", "[3]"];
        var valid = Valid(true, false, true, true);
        var values = Ints(1, null, 3).Data;
        yield return new("list", Of(new ListType(item), 4, 1, [valid, Bytes(0, 2, 2, 2, 3)], values), lists);
        yield return new("large_list", Of(new LargeListType(item), 4, 1, [valid, Bytes(0L, 2, 2, 2, 3)], values), lists);
        yield return new("list_view", Of(new ListViewType(item), 4, 1, [valid, Bytes(0, 0, 0, 2), Bytes(2, 0, 0, 1)], values), lists);
        yield return new("large_list_view", Of(new LargeListViewType(item), 4, 1, [valid, Bytes(0L, 0, 0, 2), Bytes(2L, 0, 0, 1)], values), lists);
        yield return new(
            "fixed_size_list", Of(new FixedSizeListType(item, 2), 3, 1, [Valid(true, false, true)], Ints(1, null, 0, 0, 3, 4).Data),
            ["[1,null]", "null", "[3,4]"], IsReadBack: false);
        yield return new(
            "fixed_size_list without nulls", Of(new FixedSizeListType(item, 2), 2, 0, [ArrowBuffer.Empty], Ints(1, null, 3, 4).Data), ["[1,null]", "[3,4]"]);
        var texts = new StringArray.Builder().Append("a, b").AppendNull().Append("").Append("[1]").Build().Data;
        yield return new("list of strings", Of(new ListType(new Field("item", StringType.Default, nullable: true)), 2, 0, [ArrowBuffer.Empty, Bytes(0, 3, 4)], texts),
            ["[\"a, b\",null,\"\"]", "[\"[1]\"]"]);
        var inner = Of(new ListType(item), 2, 1, [Valid(true, false), Bytes(0, 3, 3)], values).Data;
        yield return new(
            "list of lists", Of(new ListType(new Field("item", inner.DataType, nullable: true)), 1, 0, [ArrowBuffer.Empty, Bytes(0, 2)], inner),
            ["[[1,null,3],null]"]);
        var fields = new StructType([new Field("a", Int32Type.Default, nullable: true), new Field("b", StringType.Default, nullable: true)]);
        var record = Of(fields, 4, 1, [valid], Ints(1, 0, null, 3).Data, texts).Data;
        yield return new(
            "struct", ArrowArrayFactory.BuildArray(record), ["{\"a\":1,\"b\":\"a, b\"}", "null", "{\"a\":null,\"b\":\"\"}", "{\"a\":3,\"b\":\"[1]\"}"]);
        yield return new("list of structs", Of(new ListType(new Field("item", fields, nullable: true)), 2, 0, [ArrowBuffer.Empty, Bytes(0, 1, 3)], record),
            ["[{\"a\":1,\"b\":\"a, b\"}]", "[null,{\"a\":null,\"b\":\"\"}]"]);
        var map = new MapType(new Field("key", StringType.Default, nullable: false), new Field("value", Int32Type.Default, nullable: true));
        var keys = new StringArray.Builder().Append("a").Append("b").Build().Data;
        var entries = new ArrayData(map.Fields[0].DataType, 2, 0, 0, [ArrowBuffer.Empty], [keys, Ints(1, null).Data]);
        yield return new(
            "map", Of(map, 3, 1, [Valid(true, false, true), Bytes(0, 2, 2, 2)], entries),
            ["[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":null}]", "null", "[]"]);
        Field[] members = [new("n", Int32Type.Default, nullable: true), new("t", StringType.Default, nullable: true)];
        ArrowBuffer types = new(new byte[] { 3, 7, 3 });
        var dense = new UnionType(members, [3, 7], UnionMode.Dense);
        yield return new(
            "dense_union", Of(dense, 3, 0, [types, Bytes(0, 0, 1)], Ints(1, null).Data, keys), ["{\"n\":1}", "{\"t\":\"a\"}", "{\"n\":null}"],
            IsInParquet: false);
        var sparse = new UnionType(members, [3, 7], UnionMode.Sparse);
        var three = new StringArray.Builder().Append("x").Append("y").Append("z").Build().Data;
        yield return new(
            "sparse_union", Of(sparse, 3, 0, [types], Ints(1, 2, null).Data, three), ["{\"n\":1}", "{\"t\":\"y\"}", "{\"n\":null}"], IsInParquet: false);
    }

    private static IEnumerable<ArrowSample> Encoded()
    {
        var words = new StringArray.Builder().Append("b").Append("").Build();
        var dictionary = new DictionaryArray(
            new DictionaryType(Int8Type.Default, StringType.Default, false), new Int8Array.Builder().Append(1).AppendNull().Append(0).Build(), words);
        yield return new("dictionary", dictionary, ["\"\"", "null", "\"b\""]);
        yield return new("list of dictionaries", Of(new ListType(new Field("item", dictionary.Data.DataType, nullable: true)), 2, 0, [ArrowBuffer.Empty, Bytes(0, 2, 3)], dictionary.Data),
            ["[\"\",null]", "[\"b\"]"]);
        yield return new(
            "run_end_encoded", new RunEndEncodedArray(Ints(2, 3), new StringArray.Builder().Append("a").AppendNull().Build()), ["\"a\"", "\"a\"", "null"],
            IsInParquet: false);
    }

    private static Int32Array Ints(params int?[] values)
    {
        var builder = new Int32Array.Builder();
        foreach (var value in values)
            builder.Append(value);
        return builder.Build();
    }

    private static IArrowArray Of(IArrowType type, int length, int nulls, ArrowBuffer[] buffers, params ArrayData[] children) =>
        ArrowArrayFactory.BuildArray(new ArrayData(type, length, nulls, 0, buffers, children));

    private static ArrowBuffer Valid(params bool[] valid) => new ArrowBuffer.BitmapBuilder().AppendRange(valid).Build();

    private static ArrowBuffer Bytes<T>(params T[] values)
        where T : unmanaged => new ArrowBuffer.Builder<T>().AppendRange(values).Build();
}
