using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Tests;

/// <summary>Rows of an upload keep the types and the values that were uploaded.</summary>
public sealed class UploadedRows
{
    public static TheoryData<int, string> Types { get; } = new(
        RandomArrays.Types.Select(static (type, n) => (n, type)).Where(static entry => ArrowMapping.ToEngine(entry.type) is not null)
            .Select(static entry => (entry.n, entry.type.Name)));

    [Theory]
    [MemberData(nameof(Types))]
    public void Filters_keep_the_uploaded_type_and_values(int type, string name)
    {
        IArrowType arrowType = RandomArrays.Types[type];
        var arrays = new RandomArrays(new Random(7));

        // A stream has one dictionary for each column.
        bool isCoded = arrowType is ListType { ValueDataType: DictionaryType };
        IArrowArray[] parts = isCoded ? [arrays.Of(arrowType, 15)] : [arrays.Of(arrowType, 9), arrays.Of(arrowType, 6)];
        var schema = new Schema([new Field("X", arrowType, true)], null);
        ArrowTable table = ArrowTable.FromBatches(schema, [.. parts.Select(part => new RecordBatch(schema, [part], part.Length))]);
        string[] all = Sent(table);

        Assert.Equal(all, Sent(table.Where("ii >= 0")));
        Assert.Equal([all[1], .. all[3..12]], Sent(table.Where("ii == 1 || (ii > 2 && ii < 12)")));
        Assert.Empty(Sent(table.Where("ii > 99")));
        foreach (ArrowTable kept in new[] { table.Where("ii == 1"), table.Where("ii >= 0"), table.Where("ii > 99") })
            Assert.Equal(Shown(table.Field("X").DataType), Shown(kept.Field("X").DataType));

        // Formulas keep the types of other columns, except for the names of elements.
        foreach (ArrowTable made in new[] { table.View("X"), table.Update("Y = 1"), table.Where("ii > 3").View("X") })
            Assert.Equal(Unnamed(table.Field("X").DataType), Unnamed(made.Field("X").DataType));
        Assert.True(name.Length > 0);
    }

    [Fact]
    public void Filter_and_distinct_rows_keep_the_time_zone_of_an_uploaded_column()
    {
        ArrowTable table = Tables.Upload("A", Times(0, 3600, 0));
        foreach ((ArrowTable kept, string hours) in new[]
        {
            (table, "9, 10, 9"), (table.Where("ii >= 0"), "9, 10, 9"), (table.Where("ii > 0"), "10, 9"),
            (Tables.Engine().Run(new SelectDistinct(["A"]), [table], default), "9, 10"),
        })
        {
            var type = Assert.IsType<TimestampType>(kept.Field("A").DataType);
            Assert.Equal((TimeUnit.Second, "Asia/Tokyo"), (type.Unit, type.Timezone));
            Assert.Equal($"int [{hours}]", kept.Update("H = A.getHour()").Column("H"));
        }
    }

    [Fact]
    public void A_dictionary_is_written_out_in_the_type_of_its_values()
    {
        Check(Times(0, 3600), "Asia/Tokyo");
        Check(new Decimal128Array.Builder(new Decimal128Type(5, 2)).Append(1.5m).Append(2m).Build(), "2");
        Check(new UInt64Array.Builder().Append(ulong.MaxValue).Append(1).Build(), "");
        Check(new FixedSizeListArray(RandomOf(new FixedSizeListType(new Field("el", Int32Type.Default, true), 2)).Data), "");

        static IArrowArray RandomOf(IArrowType type) => new RandomArrays(new Random(3)).Of(type, 2);

        static void Check(IArrowArray values, string expected)
        {
            var type = new DictionaryType(Int8Type.Default, values.Data.DataType, false);
            IArrowArray coded = new DictionaryArray(type, new Int8Array.Builder().Append(1).AppendNull().Append(0).Append(1).Build(), values);
            ArrowTable table = Tables.Upload("X", coded);
            string[] stored = StoredValues.Of(values);
            Assert.Equal([stored[1], "null", stored[0], stored[1]], Sent(table));
            Assert.Equal([stored[1], stored[1]], Sent(table.Where("ii == 0 || ii == 3")));
            Assert.Same(values.Data.DataType, table.Field("X").DataType);
            Assert.Contains(expected, Shown(table.Field("X").DataType), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_index_outside_of_its_dictionary_is_refused()
    {
        var type = new DictionaryType(Int8Type.Default, StringType.Default, false);
        Tables.Refused(
            () => Tables.Upload("X", new DictionaryArray(type, new Int8Array.Builder().Append(1).Build(), new StringArray.Builder().Append("a").Build())));
        Assert.Equal(
            ["61"],
            Sent(Tables.Upload("X", new DictionaryArray(type, new Int8Array.Builder().Append(0).Build(), new StringArray.Builder().Append("a").Build()))));
    }

    [Fact]
    public void Times_beyond_nanoseconds_are_kept_and_formulas_refuse_them()
    {
        const long Year9999 = 253_370_764_800;
        ArrowTable table = Tables.Upload("A", Times(Year9999, 0));
        string year9999 = Convert.ToHexString(BitConverter.GetBytes(Year9999));

        Assert.Equal(year9999, Sent(table)[0]);
        Assert.Equal([year9999], Sent(table.Where("ii == 0")));
        Assert.Contains("1677-09-21", Tables.Refused(() => table.Update("H = A.getHour()")).Message, StringComparison.Ordinal);
        Tables.Refused(() => Tables.Engine().Run(new SelectDistinct(["A"]), [table], default));
        Assert.Equal("int [9]", table.Where("ii == 1").Update("H = A.getHour()").Column("H"));

        ArrowTable duration = Tables.Upload("D", new DurationArray.Builder(DurationType.Second).Append(1_000_000_000_000).Build());
        Tables.Refused(() => duration.Update("T = `` + D"));
    }

    private static TimestampArray Times(params long[] seconds)
    {
        var builder = new TimestampArray.Builder(TimeUnit.Second, "Asia/Tokyo");
        foreach (long second in seconds)
            builder.Append(DateTimeOffset.FromUnixTimeSeconds(second));
        return builder.Build();
    }

    private static string Shown(IArrowType type) => type switch
    {
        TimestampType time => $"{time.Name} {time.Unit} {time.Timezone}",
        Decimal128Type number => $"{number.Name} {number.Precision} {number.Scale}",
        FixedSizeBinaryType bytes => $"{bytes.Name} {bytes.ByteWidth}",
        TimeBasedType time => $"{time.Name} {time.Unit}",
        NestedType nested =>
            $"{nested.Name}<{string.Join(", ", nested.Fields.Select(static field => $"{field.Name}: {Shown(field.DataType)} {field.IsNullable}"))}>",
        _ => type.Name,
    };

    private static string Unnamed(IArrowType type) => System.Text.RegularExpressions.Regex.Replace(Shown(type), @"\w*: ", ": ");

    private static string[] Sent(ArrowTable table) => [.. Tables.OverTheWire(table, 4).Batches.SelectMany(static batch => StoredValues.Of(batch.Column(0)))];
}
