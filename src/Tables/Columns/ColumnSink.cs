using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>Builds a column from blocks of values.</summary>
/// <typeparam name="T">The type that the engine's loops use for the column's values; see <see cref="EngineTypes"/>.</typeparam>
internal abstract class ColumnSink<T>
{
    /// <summary>Arrays are cut at this many rows: a multiple of every block, so that blocks never straddle two arrays.</summary>
    protected const int ChunkRows = 1 << 20;

    private T[] _block = [];

    /// <summary>A place for the next rows, to be filled before <see cref="Commit"/>.</summary>
    public virtual Span<T> Reserve(int count)
    {
        if (_block.Length < count)
            _block = new T[count];
        return _block.AsSpan(0, count);
    }

    /// <summary>Takes the rows that were filled in.</summary>
    public virtual void Commit(int count) => Take(_block.AsSpan(0, count));

    /// <summary>Adds rows.</summary>
    public void Append(ReadOnlySpan<T> values)
    {
        values.CopyTo(Reserve(values.Length));
        Commit(values.Length);
    }

    /// <summary>The column of all rows added.</summary>
    public abstract Column Finish();

    /// <summary>Gives up: nobody wants the column any more.</summary>
    public virtual void Abandon()
    {
    }

    protected virtual void Take(ReadOnlySpan<T> values) => throw new InvalidOperationException();

    /// <summary>Starts a column.</summary>
    /// <param name="type">The type of its values.</param>
    /// <param name="rows">How many rows will come.</param>
    public static ColumnSink<T> For(EngineType type, long rows)
    {
        object sink = type.Kind switch
        {
            EngineKind.Boolean => new BooleanSink(),
            EngineKind.Byte => new FixedWidthSink<sbyte>(type, rows),
            EngineKind.Short => new FixedWidthSink<short>(type, rows),
            EngineKind.Char => new FixedWidthSink<char>(type, rows),
            EngineKind.Int => new FixedWidthSink<int>(type, rows),
            EngineKind.Long or EngineKind.Instant or EngineKind.LocalDate or EngineKind.LocalTime or EngineKind.Duration => new FixedWidthSink<long>(type, rows),
            EngineKind.Float => new FixedWidthSink<float>(type, rows),
            EngineKind.Double => new FixedWidthSink<double>(type, rows),
            EngineKind.String => new TextSink<string?>(type, rows, static text => text),
            EngineKind.ZonedDateTime => new ZonedSink(type, rows),
            EngineKind.BigInteger or EngineKind.BigDecimal or EngineKind.Binary => new BinarySink(type, rows),
            EngineKind.Array => ListSink.For(type),
            EngineKind.PeriodDuration => new IntervalSink(type),
            _ => new TextSink<object?>(type, rows, static value => value is null ? null : JavaText.Of(value)),
        };
        return (ColumnSink<T>)sink;
    }

    protected static IArrowArray Build(EngineType type, int length, int nulls, params ArrowBuffer[] buffers) =>
        ArrowArrayFactory.BuildArray(new ArrayData(ArrowMapping.ToArrow(type), length, nulls, 0, buffers));
}
