using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Packs Booleans (1, 0, and the null of a byte) into bits; the bit of a null is 0.</summary>
internal sealed class BooleanSink : ColumnSink<sbyte>
{
    private readonly List<IArrowArray> _chunks = [];
    private readonly List<ulong> _values = [], _valid = [];
    private int _rows, _nulls;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Write(ReadOnlySpan<sbyte> values)
    {
        while (values.Length > 0)
        {
            // Fill the current word, but not past the end of a chunk.
            int bit = _rows & 63, taken = Math.Min(64 - bit, values.Length);
            ulong trues = 0, nulls = 0;
            for (int n = 0; n < taken; n++)
            {
                trues |= (ulong)(values[n] == 1 ? 1 : 0) << n;
                nulls |= (ulong)(values[n] == sbyte.MinValue ? 1 : 0) << n;
            }

            if (bit == 0)
            {
                _values.Add(0);
                _valid.Add(0);
            }

            ulong present = taken == 64 ? ~0UL : (1UL << taken) - 1;
            CollectionsMarshal.AsSpan(_values)[^1] |= trues << bit;
            CollectionsMarshal.AsSpan(_valid)[^1] |= (present & ~nulls) << bit;
            _nulls += BitOperations.PopCount(nulls);
            _rows += taken;
            values = values[taken..];
            if (_rows == ChunkRows)
                FlushChunk();
        }
    }

    public override Column Finish()
    {
        if (_rows > 0)
            FlushChunk();
        return new ChunkedColumn(EngineType.Boolean, BooleanType.Default, _chunks);
    }

    private void FlushChunk()
    {
        ArrowBuffer valid = _nulls == 0 ? ArrowBuffer.Empty : Validity.Wrap([.. _valid]);
        _chunks.Add(Build(EngineType.Boolean, _rows, _nulls, valid, Validity.Wrap([.. _values])));
        _values.Clear();
        _valid.Clear();
        _rows = _nulls = 0;
    }
}
