using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>
/// Writes numbers directly into the buffers of the arrays. The validity bitmap is built at the end, and only if there is a null.
/// </summary>
internal sealed class FixedWidthSink<T>(EngineType type, long rows) : ColumnSink<T>
    where T : unmanaged
{
    private readonly List<ColumnChunk> _chunks = [];
    private long _left = rows;
    private ColumnBlock _block;
    private int _size, _filled;
    private bool _hasNull;

    public override Span<T> Reserve(int count)
    {
        if (_size == 0)
        {
            _size = (int)Math.Min(_left > 0 ? Math.Max(_left, count) : Math.Max(1024, count), ChunkRows);
            _block = ColumnMemory.Shared.Rent((long)_size * Unsafe.SizeOf<T>());
        }

        return _size - _filled >= count ? Values(_filled, count) : base.Reserve(count);
    }

    public override void Commit(int count)
    {
        if (count > _size - _filled)
        {
            base.Commit(count);
            return;
        }

        // Checked now, while the rows are in the processor's cache.
        _hasNull = _hasNull || Validity.HasNull<T>(Values(_filled, count));
        _filled += count;
        if (_filled == _size)
            FlushChunk();
    }

    public override Column Finish()
    {
        if (_filled > 0)
            FlushChunk();
        return new ChunkedColumn(type, ArrowMapping.ToArrow(type), _chunks);
    }

    public override void Abandon()
    {
        if (_size > 0)
            _block.Return();
        foreach (ColumnChunk chunk in _chunks)
            chunk.ReturnMemory();
    }

    protected override void Write(ReadOnlySpan<T> values)
    {
        // The values do not fit into the rest of the chunk: fill it, and continue in the next chunk.
        while (values.Length > 0)
        {
            int taken = Math.Min(values.Length, Math.Max(1, _size - _filled));
            values[..taken].CopyTo(Reserve(taken));
            Commit(taken);
            values = values[taken..];
        }
    }

    private Span<T> Values(int start, int count) => MemoryMarshal.Cast<byte, T>(_block.Span).Slice(start, count);

    private void FlushChunk()
    {
        (ArrowBuffer validity, int nulls) = _hasNull ? Validity.Of<T>(Values(0, _filled)) : (ArrowBuffer.Empty, 0);
        _chunks.Add(new ColumnChunk(Build(type, _filled, nulls, validity, _block.ToBuffer(_filled * Unsafe.SizeOf<T>())), [_block]));
        _left -= _filled;
        (_size, _filled, _hasNull) = (0, 0, false);
    }
}
