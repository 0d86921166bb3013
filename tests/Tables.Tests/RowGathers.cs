using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns;
using Wharf.Tables.Columns.Gathering;
using Wharf.Tables.Operations;
using Wharf.Tables.Schemas;
using Column = Wharf.Tables.Columns.Column;

namespace Wharf.Tables.Tests;

/// <summary>Tests that copied rows have the values of the source, in any type.</summary>
public sealed class RowGathers
{
    public static TheoryData<int, string> Types { get; } =
        new(RandomArrays.Types.Select(static (type, n) => (n, type.Name + (type is NestedType nested ? " of " + nested.Fields[0].DataType.Name : ""))));

    [Theory]
    [MemberData(nameof(Types))]
    public void Gathered_rows_are_the_values_picked_one_by_one(int type, string name)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            (Column column, string[] expected) = Make(RandomArrays.Types[type], random);
            long[] rows = [.. Enumerable.Range(0, random.Next(100)).Select(_ => random.NextInt64(-1, column.Length))];
            if (RandomArrays.Types[type] is UnionType)
                rows = [.. rows.Select(static row => Math.Max(row, 0))];

            Column gathered = RowGather.Rows(column, rows, default);

            Assert.Equal(rows.Select(row => row < 0 ? "null" : expected[row]), Read(gathered));
            Assert.Same(column.ArrowType, gathered.ArrowType);
            Assert.True(name.Length > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Selected_rows_and_parts_of_them_survive_the_wire(int type, string name)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            (Column column, string[] expected) = Make(RandomArrays.Types[type], random);
            ushort[] kept = [.. Enumerable.Range(0, expected.Length).Where(_ => random.Next(3) > 0).Select(static row => (ushort)row)];
            Column selected = SelectedColumn.Of(column, new RowSelection([kept], 1));

            Assert.Equal(kept.Select(row => expected[row]), Read(selected));
            if (column.ArrowType is RunEndEncodedType)
                continue;
            var table = new ArrowTable([new("X", selected)], selected.Length, TableShape.Flat);
            string[] sent = [.. Tables.OverTheWire(table, 7).Batches.SelectMany(static batch => StoredValues.Of(batch.Column(0)))];
            Assert.Equal(kept.Select(row => expected[row]), sent);
            Assert.True(name.Length > 0);
        }
    }

    [Fact]
    public void A_null_number_holds_the_value_that_the_engine_takes_for_null()
    {
        var column = new ChunkedColumn(EngineType.Long, Int64Type.Default, [new Int64Array.Builder().Append(5).Build()]);

        Column gathered = RowGather.Rows(column, [-1, 0], default);

        Assert.Equal(["null", "0500000000000000"], Read(gathered));
        Assert.Equal([long.MinValue, 5], ((Int64Array)gathered.Read(0, 2)).Values.ToArray());
    }

    [Fact]
    public void Dictionaries_that_do_not_fit_into_their_indices_together_are_refused()
    {
        var type = new DictionaryType(Int8Type.Default, StringType.Default, false);
        IArrowArray Coded() => new DictionaryArray(
            type, new Int8Array.Builder().Append(99).Build(),
            new StringArray.Builder().AppendRange(Enumerable.Range(0, 100).Select(static n => $"{n}")).Build());

        Tables.Refused(() => RowGather.Concatenate(type, [Coded(), Coded()]));
        Assert.Equal(
            ["3939", "3939"], StoredValues.Of(RowGather.Concatenate(new DictionaryType(Int16Type.Default, StringType.Default, false), [Wide(), Wide()])));

        static IArrowArray Wide() => new DictionaryArray(
            new DictionaryType(Int16Type.Default, StringType.Default, false),
            new Int16Array.Builder().Append(99).Build(),
            new StringArray.Builder().AppendRange(Enumerable.Range(0, 100).Select(static n => $"{n}")).Build());
    }

    [Fact]
    public void A_chunk_of_long_texts_ends_before_its_offsets_overflow()
    {
        IArrowArray texts = new StringArray.Builder().Append(new string('x', 40 << 20)).Build();
        var column = new ChunkedColumn(EngineType.String, StringType.Default, [texts]);

        Column gathered = RowGather.Rows(column, [0, 0, 0, 0], default);

        Assert.Equal(4, gathered.Length);
        Assert.Equal(2, gathered.Run(0));
    }

    private static (Column Column, string[] Values) Make(IArrowType type, Random random)
    {
        var arrays = new RandomArrays(random);
        IArrowArray[] chunks = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => arrays.Of(type, 1 + random.Next(40)))];
        return (new ChunkedColumn(EngineType.Object, type, chunks), [.. chunks.SelectMany(StoredValues.Of)]);
    }

    private static string[] Read(Column column) => column.Length == 0 ? [] : StoredValues.Of(column.Read(0, (int)column.Length));
}
