using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>Writes numbers straight into the buffers of the finished arrays; the validity bitmap is made afterwards, and only where there is a null.</summary>
internal sealed class FixedWidthSink<T>(EngineType type, long rows) : ColumnSink<T>
    where T : unmanaged
{
    private readonly List<IArrowArray> _chunks = [];
    private long _left = rows;
    private byte[] _buffer = [];
    private int _filled;

    public override Span<T> Reserve(int count)
    {
        if (_buffer.Length == 0)
            _buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(_left > 0 ? Math.Max(_left, count) : Math.Max(1024, count), ChunkRows) * Unsafe.SizeOf<T>());
        Span<T> free = MemoryMarshal.Cast<byte, T>(_buffer.AsSpan())[_filled..];
        return free.Length >= count ? free[..count] : base.Reserve(count);
    }

    public override void Commit(int count)
    {
        if (_filled + count > MemoryMarshal.Cast<byte, T>(_buffer.AsSpan()).Length)
        {
            base.Commit(count);
            return;
        }

        _filled += count;
        if (_filled == MemoryMarshal.Cast<byte, T>(_buffer.AsSpan()).Length)
            CutChunk();
    }

    public override Column Finish()
    {
        if (_filled > 0)
            CutChunk();
        return new ChunkedColumn(type, ArrowMapping.ToArrow(type), _chunks);
    }

    protected override void Take(ReadOnlySpan<T> values)
    {
        // The block does not fit into what is left of the chunk: fill it up, then go on in the next.
        while (values.Length > 0)
        {
            int taken = Math.Min(values.Length, Math.Max(1, MemoryMarshal.Cast<byte, T>(_buffer.AsSpan()).Length - _filled));
            values[..taken].CopyTo(Reserve(taken));
            Commit(taken);
            values = values[taken..];
        }
    }

    private void CutChunk()
    {
        ReadOnlyMemory<byte> bytes = _buffer.AsMemory(0, _filled * Unsafe.SizeOf<T>());
        (ArrowBuffer validity, int nulls) = Validity.Of(MemoryMarshal.Cast<byte, T>(bytes.Span));
        _chunks.Add(Build(type, _filled, nulls, validity, new ArrowBuffer(bytes)));
        _left -= _filled;
        _buffer = [];
        _filled = 0;
    }
}
