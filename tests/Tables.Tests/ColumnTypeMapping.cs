using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns;

namespace Wharf.Tables.Tests;

public sealed class ColumnTypeMapping
{
    public static TheoryData<string, string, ArrowTypeId> Mappings => new()
    {
        { "true", "java.lang.Boolean", ArrowTypeId.Boolean },
        { "(byte)1", "byte", ArrowTypeId.Int8 },
        { "(short)1", "short", ArrowTypeId.Int16 },
        { "1", "int", ArrowTypeId.Int32 },
        { "1L", "long", ArrowTypeId.Int64 },
        { "'a'", "char", ArrowTypeId.UInt16 },
        { "1f", "float", ArrowTypeId.Float },
        { "1d", "double", ArrowTypeId.Double },
        { "`a`", "java.lang.String", ArrowTypeId.String },
        { "now()", "java.time.Instant", ArrowTypeId.Timestamp },
        { "toZonedDateTime(now(), timeZone(`ET`))", "java.time.ZonedDateTime", ArrowTypeId.Timestamp },
        { "'2020-01-02'", "java.time.LocalDate", ArrowTypeId.Date64 },
        { "'12:34:56'", "java.time.LocalTime", ArrowTypeId.Time64 },
        { "'PT1S'", "java.time.Duration", ArrowTypeId.Duration },
        { "(byte[])null", "byte[]", ArrowTypeId.Binary },
        { "new byte[]{(byte)1}", "byte[]", ArrowTypeId.Binary },
        { "new int[]{1}", "int[]", ArrowTypeId.List },
        { "new String[]{`a`}", "java.lang.String[]", ArrowTypeId.List },
        { "new int[][]{{1}}", "int[][]", ArrowTypeId.List },
        { "dayOfWeek('2020-01-02')", "java.time.DayOfWeek", ArrowTypeId.String },
        { "true ? null : null", "java.lang.Object", ArrowTypeId.String },
    };

    [Theory]
    [MemberData(nameof(Mappings))]
    public void Every_engine_type_has_its_Arrow_type_and_is_nullable(string formula, string engineType, ArrowTypeId arrowType)
    {
        ArrowTable table = Tables.Empty(1).Update("X = " + formula);
        Field field = table.Field("X");
        Assert.Equal(engineType, field.Metadata["deephaven:type"]);
        Assert.Equal(arrowType, field.DataType.TypeId);
        Assert.True(field.IsNullable);
        Assert.Equal(arrowType, table.ReadBatches().Single().Column(0).Data.DataType.TypeId);
    }

    [Fact]
    public void Moments_are_nanoseconds_in_UTC_times_nanoseconds_dates_milliseconds()
    {
        ArrowTable table = Tables.Empty(1).Update("T = now()", "L = '00:00:01'", "D = 'PT1S'", "Y = '1970-01-02'");
        Assert.Equal(TimeUnit.Nanosecond, ((TimestampType)table.Field("T").DataType).Unit);
        Assert.Equal("UTC", ((TimestampType)table.Field("T").DataType).Timezone);
        Assert.Equal("java.time.LocalTime [1000000000]", table.Column("L"));
        Assert.Equal("java.time.Duration [1000000000]", table.Column("D"));
        Assert.Equal("java.time.LocalDate [86400000]", table.Column("Y"));
    }

    [Fact]
    public void The_elements_of_a_list_have_an_empty_name() =>
        Assert.Equal("", ((ListType)Tables.Empty(1).Update("X = new int[]{1}").Field("X").DataType).ValueField.Name);

    [Fact]
    public void The_slot_under_a_null_holds_the_value_that_stands_for_null()
    {
        foreach (bool constant in new[] { false, true })
        {
            string Null(string type) => constant ? $"({type})null" : $"i == 1 ? null : ({type})null";
            ArrowTable table = Tables.Empty(3).Update(
                "B = " + Null("byte"), "S = " + Null("short"), "C = " + Null("char"), "I = " + Null("int"), "L = " + Null("long"), "F = " + Null("float"), "D = " + Null("double"),
                "T = " + Null("Instant"), "U = " + Null("Duration"));
            RecordBatch batch = table.ReadBatches().Single();
            Assert.All(batch.Arrays, static array => Assert.Equal(3, array.NullCount));
            Assert.Equal(sbyte.MinValue, Slot<sbyte>(batch, "B"));
            Assert.Equal(short.MinValue, Slot<short>(batch, "S"));
            Assert.Equal(0xFFFF, Slot<ushort>(batch, "C"));
            Assert.Equal(int.MinValue, Slot<int>(batch, "I"));
            Assert.Equal(long.MinValue, Slot<long>(batch, "L"));
            Assert.Equal(-float.MaxValue, Slot<float>(batch, "F"));
            Assert.Equal(-double.MaxValue, Slot<double>(batch, "D"));
            Assert.Equal(long.MinValue, Slot<long>(batch, "T"));
            Assert.Equal(long.MinValue, Slot<long>(batch, "U"));
        }
    }

    [Fact]
    public void The_bit_under_a_null_truth_value_is_0()
    {
        var array = (BooleanArray)Tables.Empty(2).Update("X = i == 0 ? null : true").ReadBatches().Single().Column(0);
        Assert.True(array.IsNull(0));
        Assert.Equal(0b10, array.ValueBuffer.Span[0]);
    }

    [Fact]
    public void A_bitmap_is_whole_words_and_absent_without_nulls()
    {
        RecordBatch batch = Tables.Empty(70).Update("A = i", "B = i == 0 ? null : i").ReadBatches().Single();
        Assert.Equal(0, batch.Column(0).Data.Buffers[0].Length);
        Assert.Equal(16, batch.Column(1).Data.Buffers[0].Length);
    }

    private static T Slot<T>(RecordBatch batch, string name)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(batch.Column(name).Data.Buffers[1].Span)[0];
}
