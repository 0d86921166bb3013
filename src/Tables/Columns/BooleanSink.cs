using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>Packs truth values (1, 0 and the null of a byte) into bits; the bit under a null is 0.</summary>
internal sealed class BooleanSink : ColumnSink<sbyte>
{
    private readonly List<IArrowArray> _chunks = [];
    private readonly List<ulong> _values = [], _valid = [];
    private int _rows, _nulls;

    protected override void Take(ReadOnlySpan<sbyte> values)
    {
        foreach (sbyte value in values)
        {
            int bit = _rows++ & 63;
            if (bit == 0)
            {
                _values.Add(0);
                _valid.Add(0);
            }

            if (value == sbyte.MinValue)
                _nulls++;
            else
                CollectionsMarshal.AsSpan(_valid)[^1] |= 1UL << bit;
            if (value == 1)
                CollectionsMarshal.AsSpan(_values)[^1] |= 1UL << bit;
            if (_rows == ChunkRows)
                CutChunk();
        }
    }

    public override Column Finish()
    {
        if (_rows > 0)
            CutChunk();
        return new ChunkedColumn(EngineType.Boolean, BooleanType.Default, _chunks);
    }

    private void CutChunk()
    {
        ArrowBuffer valid = _nulls == 0 ? ArrowBuffer.Empty : Validity.Wrap([.. _valid]);
        _chunks.Add(Build(EngineType.Boolean, _rows, _nulls, valid, Validity.Wrap([.. _values])));
        _values.Clear();
        _valid.Clear();
        _rows = _nulls = 0;
    }
}
