using Apache.Arrow;
using Wharf.Tables.Columns;
using Column = Wharf.Tables.Columns.Column;

namespace Wharf.Tables.Tests;

/// <summary>A table of random values with nulls in it, and the same values as plain objects.</summary>
internal sealed class NaiveTable
{
    private readonly Dictionary<string, (Naive Type, object?[] Values)> _columns = new(StringComparer.Ordinal);

    public NaiveTable(int seed, int rows, int chunks)
    {
        var random = new Random(seed);
        Fill("B", Naive.Byte, () => (sbyte)random.Next(-127, 128));
        Fill("H", Naive.Short, () => (short)random.Next(-32767, 32768));
        Fill("I", Naive.Int, () => random.Next(4) == 0 ? random.Next(-int.MaxValue, int.MaxValue) : random.Next(-20, 20));
        Fill("L", Naive.Long, () => random.Next(4) == 0 ? random.NextInt64(-long.MaxValue, long.MaxValue) : random.NextInt64(-20, 20));
        Fill("F", Naive.Float, () => random.Next(20) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, 3 => -0.0f, var n => (n - 4) / 4f });
        Fill("D", Naive.Double, () => random.Next(20) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => 1e300, 3 => -0.0, var n => (n - 10) / 8.0 });
        Fill("S", Naive.Text, () => new string((char)random.Next('a', 'd'), random.Next(3)));

        // Chunks of different lengths, so that blocks straddle them.
        int[] cuts = [0, .. Enumerable.Range(0, chunks - 1).Select(_ => random.Next(rows)).Order(), rows];
        var batches = new List<RecordBatch>();
        Schema? schema = null;
        for (int n = 0; n + 1 < cuts.Length; n++)
        {
            IArrowArray[] arrays = [.. _columns.Values.Select(column => Build(column.Type, column.Values.AsSpan(cuts[n], cuts[n + 1] - cuts[n])))];
            schema ??= new Schema([.. _columns.Keys.Select((name, at) => new Field(name, arrays[at].Data.DataType, true))], null);
            batches.Add(new RecordBatch(schema, arrays, cuts[n + 1] - cuts[n]));
        }

        Table = ArrowTable.FromBatches(schema!, batches);

        void Fill(string name, Naive type, Func<object> next) =>
            _columns.Add(name, (type, [.. Enumerable.Range(0, rows).Select(_ => random.Next(6) == 0 ? null : next())]));
    }

    public ArrowTable Table { get; }

    public NaiveExpression Column(string name) => new(name, _columns[name].Type, row => _columns[name].Values[row]);

    private static IArrowArray Build(Naive type, ReadOnlySpan<object?> values)
    {
        switch (type)
        {
            case Naive.Byte: return Append<sbyte, Int8Array, Int8Array.Builder>(new(), values);
            case Naive.Short: return Append<short, Int16Array, Int16Array.Builder>(new(), values);
            case Naive.Int: return Append<int, Int32Array, Int32Array.Builder>(new(), values);
            case Naive.Long: return Append<long, Int64Array, Int64Array.Builder>(new(), values);
            case Naive.Float: return Append<float, FloatArray, FloatArray.Builder>(new(), values);
            case Naive.Double: return Append<double, DoubleArray, DoubleArray.Builder>(new(), values);
            default:
                var texts = new StringArray.Builder();
                foreach (object? value in values)
                    texts.Append((string?)value);
                return texts.Build();
        }
    }

    private static TArray Append<T, TArray, TBuilder>(TBuilder builder, ReadOnlySpan<object?> values)
        where T : struct
        where TArray : IArrowArray
        where TBuilder : PrimitiveArrayBuilder<T, TArray, TBuilder>
    {
        foreach (object? value in values)
        {
            if (value is null)
                builder.AppendNull();
            else
                builder.Append((T)value);
        }

        return builder.Build(default!);
    }
}
