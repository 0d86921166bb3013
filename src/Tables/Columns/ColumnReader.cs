using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Reads the values of a column as the types in which the engine computes.</summary>
internal abstract class ColumnReader<T>
{
    /// <summary>
    /// Reads consecutive rows: in place if the column is stored in this type, otherwise copied into <paramref name="scratch"/>.
    /// </summary>
    public abstract ReadOnlySpan<T> Read(long start, int count, ref T[] scratch);

    /// <summary>Reads one row.</summary>
    public abstract T Get(long row);

    public static ColumnReader<T> For(Column column)
    {
        object reader = column.Type.Kind switch
        {
            EngineKind.Byte when column.ArrowType is Int8Type => new DirectReader<sbyte>(column),
            EngineKind.Short when column.ArrowType is Int16Type => new DirectReader<short>(column),
            EngineKind.Char when column.ArrowType is UInt16Type => new DirectReader<char>(column),
            EngineKind.Int when column.ArrowType is Int32Type => new DirectReader<int>(column),
            EngineKind.Long when column.ArrowType is Int64Type => new DirectReader<long>(column),
            EngineKind.Float when column.ArrowType is FloatType => new DirectReader<float>(column),
            EngineKind.Double when column.ArrowType is DoubleType => new DirectReader<double>(column),
            EngineKind.Instant when column.ArrowType is TimestampType { Unit: TimeUnit.Nanosecond } => new DirectReader<long>(column),
            EngineKind.LocalTime when column.ArrowType is Time64Type { Unit: TimeUnit.Nanosecond } => new DirectReader<long>(column),
            EngineKind.Duration when column.ArrowType is DurationType { Unit: TimeUnit.Nanosecond } => new DirectReader<long>(column),
            EngineKind.LocalDate when column.ArrowType is Date64Type => new DirectReader<long>(column),
            EngineKind.String when column.ArrowType is StringType && column is not IConstantColumn => new TextReader(column),
            _ => new ValueReader<T>(column, ArrowValues.Getter<T>(column.Type, column.ArrowType)),
        };
        return (ColumnReader<T>)reader;
    }
}

/// <summary>Reads numbers in place: stored columns have the engine's null value in every null slot.</summary>
internal sealed class DirectReader<T>(Column column) : ColumnReader<T>
    where T : unmanaged
{
    private IArrowArray? _chunk;
    private long _chunkStart;

    public override ReadOnlySpan<T> Read(long start, int count, ref T[] scratch)
    {
        ReadOnlySpan<T> rest = From(start);
        if (rest.Length >= count)
            return rest[..count];

        if (scratch.Length < count)
            scratch = new T[count];
        for (int done = 0; done < count;)
        {
            rest = From(start + done);
            int taken = Math.Min(rest.Length, count - done);
            rest[..taken].CopyTo(scratch.AsSpan(done));
            done += taken;
        }

        return scratch.AsSpan(0, count);
    }

    public override T Get(long row) => From(row)[0];

    private ReadOnlySpan<T> From(long row)
    {
        if (column is ConstantColumn<T> constant)
        {
            // One block of a constant serves all rows.
            _chunk ??= constant.Read(0, (int)Math.Min(constant.Length, Frame.BlockRows));
            return Values(_chunk);
        }

        if (_chunk is null || row < _chunkStart || row >= _chunkStart + _chunk.Length)
        {
            (IArrowArray chunk, int index) = column.Locate(row);
            (_chunk, _chunkStart) = (chunk, row - index);
        }

        return Values(_chunk)[(int)(row - _chunkStart)..];
    }

    private static ReadOnlySpan<T> Values(IArrowArray array) =>
        MemoryMarshal.Cast<byte, T>(array.Data.Buffers[1].Span).Slice(array.Data.Offset, array.Data.Length);
}

/// <summary>Reads values that need a conversion: strings, lists, and uploaded types in which the engine does not compute.</summary>
internal sealed class ValueReader<T>(Column column, Func<IArrowArray, int, T> getter) : ColumnReader<T>
{
    private IArrowArray? _chunk;
    private long _chunkStart;

    public override ReadOnlySpan<T> Read(long start, int count, ref T[] scratch)
    {
        if (scratch.Length < count)
            scratch = new T[count];
        if (column is ConstantColumn<T> constant)
        {
            scratch.AsSpan(0, count).Fill(constant.Value);
        }
        else
        {
            for (int n = 0; n < count; n++)
                scratch[n] = Get(start + n);
        }

        return scratch.AsSpan(0, count);
    }

    public override T Get(long row)
    {
        if (column is ConstantColumn<T> constant)
            return constant.Value;
        if (_chunk is null || row < _chunkStart || row >= _chunkStart + _chunk.Length)
        {
            (IArrowArray chunk, int index) = column.Locate(row);
            (_chunk, _chunkStart) = (chunk, row - index);
        }

        int at = (int)(row - _chunkStart);
        return _chunk.IsNull(at) ? Null<T>.Value : getter(_chunk, at);
    }
}
