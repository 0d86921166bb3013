using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

public sealed class UploadedTables
{
    public static TheoryData<IArrowArray, string> Types => new()
    {
        { new Int8Array.Builder().Append(1).Build(), "byte" },
        { new Int16Array.Builder().Append(1).Build(), "short" },
        { new Int32Array.Builder().Append(1).Build(), "int" },
        { new Int64Array.Builder().Append(1).Build(), "long" },
        { new UInt8Array.Builder().Append(1).Build(), "short" },
        { new UInt16Array.Builder().Append(1).Build(), "char" },
        { new UInt32Array.Builder().Append(1).Build(), "long" },
        { new UInt64Array.Builder().Append(1).Build(), "java.math.BigInteger" },
        { new BooleanArray.Builder().Append(true).Build(), "java.lang.Boolean" },
        { new HalfFloatArray.Builder().Append((Half)1).Build(), "float" },
        { new FloatArray.Builder().Append(1).Build(), "float" },
        { new DoubleArray.Builder().Append(1).Build(), "double" },
        { new StringArray.Builder().Append("x").Build(), "java.lang.String" },
        { new BinaryArray.Builder().Append((byte)1).Build(), "byte[]" },
        { new Date32Array.Builder().Append(DateTimeOffset.UnixEpoch).Build(), "java.time.LocalDate" },
        { new Date64Array.Builder().Append(DateTimeOffset.UnixEpoch).Build(), "java.time.LocalDate" },
        { new Time32Array.Builder(TimeUnit.Second).Append(1).Build(), "java.time.LocalTime" },
        { new Time64Array.Builder(TimeUnit.Microsecond).Append(1).Build(), "java.time.LocalTime" },
        { new TimestampArray.Builder(TimeUnit.Millisecond, "UTC").Append(DateTimeOffset.UnixEpoch).Build(), "java.time.Instant" },
        { new TimestampArray.Builder(new TimestampType(TimeUnit.Second, (string?)null)).Append(DateTimeOffset.UnixEpoch).Build(), "java.time.Instant" },
        { new TimestampArray.Builder(TimeUnit.Second, "Europe/Paris").Append(DateTimeOffset.UnixEpoch).Build(), "java.time.ZonedDateTime" },
        { new DurationArray.Builder(DurationType.Second).Append(1).Build(), "java.time.Duration" },
        { new Decimal128Array.Builder(new Decimal128Type(10, 2)).Append(1.5m).Build(), "java.math.BigDecimal" },
        { new NullArray(1), "java.lang.Object" },
        { new YearMonthIntervalArray.Builder().Append(new Apache.Arrow.Scalars.YearMonthInterval(1)).Build(), "java.time.Period" },
        { ListOf(1), "int[]" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void A_column_that_does_not_say_its_type_gets_one_from_Arrow_and_keeps_its_Arrow_type(IArrowArray array, string expected)
    {
        ArrowTable table = Tables.Upload("X", array);
        Assert.Equal(expected, table.Field("X").Metadata["deephaven:type"]);
        Assert.Equal(array.Data.DataType.TypeId, table.Field("X").DataType.TypeId);
        Assert.Same(array.Data.DataType, table.Field("X").DataType);
        Assert.Same(array.Data.DataType, table.ReadBatches().Single().Column(0).Data.DataType);
        Assert.Same(array.Data.DataType, table.View("Y = X").ReadBatches().Single().Column(0).Data.DataType);
    }

    [Theory]
    [InlineData("java.math.BigInteger")]
    [InlineData("java.lang.Object")]
    [InlineData("long[]")]
    [InlineData("io.deephaven.vector.LongVector")]
    public void The_type_that_a_column_says_wins(string type) =>
        Assert.Equal(type, Tables.Upload("X", new UInt64Array.Builder().Append(1).Build(), type).Field("X").Metadata["deephaven:type"]);

    [Fact]
    public void An_unknown_class_name_is_refused() =>
        Assert.Contains("no.such.Type", Tables.Refused(() => Tables.Upload("X", new Int32Array.Builder().Append(1).Build(), "no.such.Type")).Message);

    [Fact]
    public void A_type_the_engine_does_not_have_is_refused()
    {
        var type = new StructType([new Field("a", Int32Type.Default, true)]);
        var data = new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty], [new Int32Array.Builder().Build().Data]);
        Tables.Refused(() => Tables.Upload("X", new StructArray(data)));
    }

    [Fact]
    public void Columns_of_unequal_length_are_refused()
    {
        var schema = new Schema([new Field("A", Int32Type.Default, true), new Field("B", Int32Type.Default, true)], null);
        IArrowArray one = new Int32Array.Builder().Append(1).Build(), two = new Int32Array.Builder().Append(1).Append(2).Build();
        Tables.Refused(() => ArrowTable.FromBatches(schema, [new RecordBatch(schema, [one, two], 2)]));
    }

    [Fact]
    public void A_schema_without_batches_is_an_empty_table()
    {
        var schema = new Schema([new Field("A", Int32Type.Default, true)], null);
        ArrowTable table = ArrowTable.FromBatches(schema, []);
        Assert.Equal(0, table.RowCount);
        Assert.Equal(["A", "B"], table.Update("B = A + 1").Names());
    }

    [Theory]
    [InlineData("A B", "A_B")]
    [InlineData("A-B", "A_B")]
    [InlineData("1A", "column_1A")]
    [InlineData("a.b!", "ab")]
    [InlineData("new", "column_new")]
    [InlineData("fine_1", "fine_1")]
    public void Illegal_names_become_legal_ones(string sent, string expected) =>
        Assert.Equal([expected], Tables.Upload(sent, new Int32Array.Builder().Append(1).Build()).Names());

    [Fact]
    public void A_name_made_legal_does_not_take_one_that_is_there()
    {
        Field Named(string name) => new(name, Int32Type.Default, true);
        var schema = new Schema([Named("A B"), Named("A_B"), Named("A-B")], null);
        Assert.Equal(["A_B2", "A_B", "A_B3"], ArrowTable.FromBatches(schema, []).Names());
    }

    [Theory]
    [InlineData("A", "A")]
    [InlineData("A", "")]
    public void Columns_that_nobody_can_name_are_refused(params string[] names)
    {
        var schema = new Schema(names.Select(static name => new Field(name, Int32Type.Default, true)), null);
        Assert.Equal(TableError.InvalidArgument, Assert.Throws<TableException>(() => ArrowTable.FromBatches(schema, [])).Error);
    }

    [Fact]
    public void Field_metadata_is_kept_and_the_upload_is_remembered()
    {
        var metadata = new Dictionary<string, string> { ["deephaven:type"] = "int", ["other"] = "x", ["deephaven:isPartitioning"] = "true" };
        var schema = new Schema([new Field("A", Int32Type.Default, true, metadata)], [new("pandas", "{}")]);
        ArrowTable table = ArrowTable.FromBatches(schema, []);
        Assert.Equal(
            ["deephaven:isPartitioning", "deephaven:isSortable", "deephaven:type", "other"], table.Field("A").Metadata.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["deephaven:attribute.IsFlat", "deephaven:attribute_type.IsFlat", "deephaven:unsent.attribute.BarrageSchema"],
            table.Schema.Metadata.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Slots_under_nulls_and_reserved_values_are_put_right()
    {
        // Row 0 is null over a 7; row 1 holds the reserved value as data.
        var values = new ArrowBuffer(MemoryMarshal.AsBytes<int>([7, int.MinValue, 5]).ToArray());
        var array = ArrowArrayFactory.BuildArray(new ArrayData(Int32Type.Default, 3, 1, 0, [new ArrowBuffer(new byte[] { 0b110 }), values]));
        ArrowTable table = Tables.Upload("X", array);
        Assert.Equal("int [null, null, 5]", table.Column("X"));
        Assert.Equal([int.MinValue, int.MinValue, 5], MemoryMarshal.Cast<byte, int>(table.ReadBatches().Single().Column(0).Data.Buffers[1].Span).ToArray());
        Assert.Equal("int [null, null, 6]", table.Update("Y = X + 1").Column("Y"));
    }

    [Fact]
    public void Slices_and_many_batches_are_one_column()
    {
        IArrowArray all = new Int32Array.Builder().AppendRange(Enumerable.Range(0, 100)).Build();
        var schema = new Schema([new Field("X", Int32Type.Default, true)], null);
        RecordBatch[] batches = [.. Enumerable.Range(0, 20).Select(n => new RecordBatch(schema, [ArrowArrayFactory.Slice(all, n * 5, 5)], 5))];
        ArrowTable table = ArrowTable.FromBatches(schema, batches);
        Assert.Equal(100, table.RowCount);
        Assert.Single(table.ReadBatches());
        Assert.Equal("int [" + string.Join(", ", Enumerable.Range(0, 100).Select(static n => n * 2)) + "]", table.Update("Y = X * 2").Column("Y"));
    }

    [Fact]
    public void Uploaded_types_that_are_stored_otherwise_can_be_computed_with()
    {
        Assert.Equal("long [4294967296]", Tables.Upload("X", new UInt32Array.Builder().Append(uint.MaxValue).Build()).Update("Y = X + 1").Column("Y"));
        Assert.Equal("int [201]", Tables.Upload("X", new UInt8Array.Builder().Append(200).Build()).Update("Y = X + 1").Column("Y"));
        Assert.Equal("java.time.LocalDate [172800000]", Tables.Upload("X", new Date32Array.Builder().Append(DateTimeOffset.UnixEpoch.AddDays(1)).Build()).Update("Y = X + 'P1D'").Column("Y"));
        Assert.Equal("java.time.Instant [1000000001]", Tables.Upload("X", new TimestampArray.Builder(TimeUnit.Second, "UTC").Append(DateTimeOffset.UnixEpoch.AddSeconds(1)).Build()).Update("Y = X + 1").Column("Y"));
        Assert.Equal("int [1]", Tables.Upload("X", ListOf(1)).Update("Y = X[0]").Column("Y"));
        Assert.Equal("int [null]", Tables.Upload("X", ListOf(1)).Update("Y = X[1]").Column("Y"));
    }

    [Fact]
    public void Arrays_that_promise_more_than_they_hold_are_refused()
    {
        static ArrowBuffer Ints(params int[] values) => new(MemoryMarshal.AsBytes<int>(values).ToArray());
        ArrayData elements = new Int32Array.Builder().Append(1).Build().Data;
        ArrayData[] broken =
        [
            new(Int32Type.Default, 3, 0, 0, [ArrowBuffer.Empty, Ints(1, 2)]),
            new(Int32Type.Default, 2, 0, 1, [ArrowBuffer.Empty, Ints(1, 2)]),
            new(Int32Type.Default, 9, 1, 0, [new ArrowBuffer(new byte[1]), Ints(new int[9])]),
            new(StringType.Default, 2, 0, 0, [ArrowBuffer.Empty, Ints(0, 1), new ArrowBuffer(new byte[9])]),
            new(StringType.Default, 2, 0, 0, [ArrowBuffer.Empty, Ints(0, 5, 3), new ArrowBuffer(new byte[9])]),
            new(StringType.Default, 1, 0, 0, [ArrowBuffer.Empty, Ints(0, 10), new ArrowBuffer(new byte[9])]),
            new(StringType.Default, 1, 0, 0, [ArrowBuffer.Empty, Ints(-1, 1), new ArrowBuffer(new byte[9])]),
            new(new ListType(Int32Type.Default), 1, 0, 0, [ArrowBuffer.Empty, Ints(0, 2)], [elements]),
        ];
        foreach (ArrayData data in broken)
            Tables.Refused(() => Tables.Upload("X", ArrowArrayFactory.BuildArray(data)));
    }

    [Fact]
    public void A_dictionary_is_written_out_because_every_batch_may_bring_its_own()
    {
        var type = new DictionaryType(Int8Type.Default, StringType.Default, false);
        var schema = new Schema([new Field("X", type, true)], null);
        RecordBatch Batch(params string[] values) => new(
            schema,
            [new DictionaryArray(type, new Int8Array.Builder().Append(1).AppendNull().Append(0).Build(), new StringArray.Builder().AppendRange(values).Build())],
            3);
        ArrowTable table = ArrowTable.FromBatches(schema, [Batch("a", "b"), Batch("c", "d")]);
        Assert.Equal("java.lang.String [b, null, a, d, null, c]", table.Column("X"));
        Assert.Equal(ArrowTypeId.String, table.Field("X").DataType.TypeId);
    }

    private static IArrowArray ListOf(int value)
    {
        var builder = new ListArray.Builder(Int32Type.Default);
        builder.Append();
        ((Int32Array.Builder)builder.ValueBuilder).Append(value);
        return builder.Build();
    }
}
