using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>Collects byte strings one after another with their offsets.</summary>
internal abstract class VariableWidthSink<T>(EngineType type) : ColumnSink<T>
{
    // An Arrow array counts its bytes in 32 bits; ending one long before that also keeps batches small.
    private const int ChunkBytes = 64 << 20;

    private readonly List<IArrowArray> _chunks = [];
    private readonly List<int> _offsets = [0];
    private readonly List<ulong> _valid = [];
    private byte[] _bytes = [];
    private long _total;
    private int _used, _nulls;

    /// <summary>Room for the bytes of the next value.</summary>
    protected Span<byte> Room(int atMost)
    {
        if (_bytes.Length - _used < atMost)
            System.Array.Resize(ref _bytes, (int)Math.Min(System.Array.MaxLength, Math.Max(256, Math.Max(_bytes.Length * 2L, (long)_used + atMost))));
        return _bytes.AsSpan(_used);
    }

    /// <summary>Ends a value of that many bytes, or a null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected void EndValue(int bytes, bool isNull)
    {
        int row = _offsets.Count - 1;
        if ((row & 63) == 0)
            _valid.Add(0);
        if (isNull)
            _nulls++;
        else
            CollectionsMarshal.AsSpan(_valid)[^1] |= 1UL << (row & 63);
        _used += bytes;
        _offsets.Add(_used);
        if (row + 1 == ChunkRows || _used >= ChunkBytes)
            CutChunk();
    }

    public override Column Finish()
    {
        if (_offsets.Count > 1)
            CutChunk();
        return new ChunkedColumn(type, ArrowMapping.ToArrow(type), _chunks);
    }

    private void CutChunk()
    {
        MemoryGuard.CheckBytes(_total += _used);
        ArrowBuffer valid = _nulls == 0 ? ArrowBuffer.Empty : Validity.Wrap([.. _valid]);
        var offsets = new ArrowBuffer(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_offsets)).ToArray());
        _chunks.Add(Build(type, _offsets.Count - 1, _nulls, valid, offsets, new ArrowBuffer(_bytes.AsSpan(0, _used).ToArray())));
        _offsets.Clear();
        _offsets.Add(0);
        _valid.Clear();
        _used = _nulls = 0;
    }
}
