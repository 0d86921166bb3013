using System.Runtime.InteropServices;
using Apache.Arrow;
using Wharf.Tables.Columns.Gathering;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Collects byte strings and their offsets in the layout of the arrays.</summary>
/// <param name="type">The type of the values.</param>
/// <param name="rows">The number of rows that will be added; 0 if it is unknown.</param>
internal abstract class VariableWidthSink<T>(EngineType type, long rows) : ColumnSink<T>
{
    // Offsets have 32 bits. A much lower limit also keeps batches small.
    private const int ChunkBytes = 64 << 20;

    // The number of rows from which the size of the remaining rows is estimated.
    private const int Sample = 1024;

    private readonly List<ColumnChunk> _chunks = [];
    private ColumnBlock _offsets, _bytes;
    private ulong[] _valid = [];
    private long _left = rows, _total;
    private int _rows, _used, _nulls;

    /// <summary>Whether the chunk is known to be ASCII so far.</summary>
    protected bool IsPlain { get; set; } = true;

    /// <summary>The number of rows that fit into the chunk; at least one.</summary>
    protected int RowsLeft => ChunkRows - _rows;

    /// <summary>Returns space for the bytes of the next values.</summary>
    protected Span<byte> Room(long atMost)
    {
        if (_bytes.Length - _used < atMost)
            GrowBytes(_used + atMost);
        return _bytes.Span[_used..];
    }

    /// <summary>Returns the end offsets of the next values, to be filled before <see cref="EndValues"/>.</summary>
    /// <param name="count">The number of values, at most <see cref="RowsLeft"/>.</param>
    /// <param name="start">The start offset of the first value.</param>
    protected Span<int> Ends(int count, out int start)
    {
        if (_offsets.Length < (_rows + count + 1) * sizeof(int))
            GrowOffsets(count);
        start = _used;
        return Offsets.Slice(_rows + 1, count);
    }

    /// <summary>Completes values without nulls.</summary>
    protected void EndValues(int count)
    {
        _rows += count;
        _used = Offsets[_rows];
        if (_rows == ChunkRows || _used >= ChunkBytes)
            CutChunk();
    }

    /// <summary>Completes a value of a number of bytes, or a null.</summary>
    protected void EndValue(int bytes, bool isNull)
    {
        Ends(1, out int start)[0] = start + bytes;
        if (isNull)
            MarkNull();
        EndValues(1);
    }

    public override Column Finish()
    {
        if (_rows > 0)
            CutChunk();
        _bytes.Return();
        return new ChunkedColumn(type, ArrowMapping.ToArrow(type), _chunks);
    }

    public override void Abandon()
    {
        _offsets.Return();
        _bytes.Return();
        foreach (ColumnChunk chunk in _chunks)
            chunk.ReturnMemory();
    }

    /// <summary>Completes the array of a chunk.</summary>
    protected virtual IArrowArray Cut(IArrowArray array) => array;

    private Span<int> Offsets => MemoryMarshal.Cast<byte, int>(_offsets.Span);

    private void MarkNull()
    {
        if (_nulls++ == 0)
        {
            _valid = Validity.NewBitmap(ChunkRows);
            _valid.AsSpan().Fill(~0UL);
        }

        _valid[_rows >> 6] &= ~(1UL << _rows);
    }

    private void GrowOffsets(int count)
    {
        long most = Math.Min(_left > 0 ? Math.Max(_left, _rows + count) : Math.Max(64, (_rows + count) * 2L), ChunkRows);
        ColumnBlock larger = ColumnMemory.Shared.Rent((most + 1) * sizeof(int));
        larger.Span[..sizeof(int)].Clear();
        if (_rows > 0)
            _offsets.Span[..((_rows + 1) * sizeof(int))].CopyTo(larger.Span);
        _offsets.Return();
        _offsets = larger;
    }

    private void GrowBytes(long needed)
    {
        long expected = _rows < Sample
            ? Math.Max(256, _bytes.Length * 2L)
            : (long)((double)_used / _rows * Math.Min(Math.Max(_left, _rows * 2L), ChunkRows) * 1.06);
        ColumnBlock larger = ColumnMemory.Shared.Rent(Math.Max(needed, Math.Min(expected, ChunkBytes + (needed - _used))));
        if (_used > 0)
            _bytes.Span[.._used].CopyTo(larger.Span);
        _bytes.Return();
        _bytes = larger;
    }

    private void CutChunk()
    {
        MemoryGuard.CheckBytes(_total += _used);
        ColumnBlock bytes = _bytes;
        if (_used < bytes.Length / 4 * 3)
        {
            // The next chunk can reuse the block.
            bytes = ColumnMemory.Shared.Rent(_used);
            _bytes.Span[.._used].CopyTo(bytes.Span);
        }
        else
        {
            _bytes = default;
        }

        ArrowBuffer valid = _nulls == 0 ? ArrowBuffer.Empty : Validity.Wrap(_valid[..((_rows + 63) / 64)]);
        IArrowArray array = Build(type, _rows, _nulls, valid, _offsets.ToBuffer((_rows + 1) * sizeof(int)), bytes.ToBuffer(_used));
        _chunks.Add(new ColumnChunk(Cut(array), [_offsets, bytes], IsPlain && _nulls == 0));
        _left -= _rows;
        _offsets = default;
        _rows = _used = _nulls = 0;
        IsPlain = true;
    }
}
