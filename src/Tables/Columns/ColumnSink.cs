using Apache.Arrow;
using Wharf.Tables.Formulas;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Builds a column from blocks of values.</summary>
/// <typeparam name="T">The type in which the engine computes the values; see <see cref="EngineTypes"/>.</typeparam>
internal abstract class ColumnSink<T>
{
    /// <summary>The number of rows of an array: a multiple of every block size, so that a block never spans two arrays.</summary>
    protected const int ChunkRows = 1 << 20;

    private T[] _block = [];

    /// <summary>Returns a span for the next rows, to be filled before <see cref="Commit"/>.</summary>
    public virtual Span<T> Reserve(int count)
    {
        if (_block.Length < count)
            _block = new T[count];
        return _block.AsSpan(0, count);
    }

    /// <summary>Adds the rows that were written to the reserved span.</summary>
    public virtual void Commit(int count) => Write(_block.AsSpan(0, count));

    /// <summary>Adds rows.</summary>
    public void Append(ReadOnlySpan<T> values)
    {
        values.CopyTo(Reserve(values.Length));
        Commit(values.Length);
    }

    /// <summary>Returns the column of all added rows.</summary>
    public abstract Column Finish();

    /// <summary>Releases the memory of an incomplete column.</summary>
    public virtual void Abandon()
    {
    }

    protected virtual void Write(ReadOnlySpan<T> values) => throw new InvalidOperationException();

    /// <summary>Creates the sink for a type.</summary>
    /// <param name="type">The type of the values.</param>
    /// <param name="rows">The number of rows that will be added.</param>
    public static ColumnSink<T> For(EngineType type, long rows)
    {
        object sink = type.Kind switch
        {
            EngineKind.Boolean => new BooleanSink(),
            EngineKind.Byte => new FixedWidthSink<sbyte>(type, rows),
            EngineKind.Short => new FixedWidthSink<short>(type, rows),
            EngineKind.Char => new FixedWidthSink<char>(type, rows),
            EngineKind.Int => new FixedWidthSink<int>(type, rows),
            EngineKind.Long or EngineKind.Instant or EngineKind.LocalDate or EngineKind.LocalTime or EngineKind.Duration =>
                new FixedWidthSink<long>(type, rows),
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
