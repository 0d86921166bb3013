using System.Runtime.InteropServices;
using Apache.Arrow;
using Wharf.Tables.Formulas;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Writes arrays and vectors as lists.</summary>
internal static class ListSink
{
    public static ColumnSink<object?> For(EngineType type) => type.Component!.Dispatch(new ForElement(type));

    private readonly struct ForElement(EngineType type) : IClrDispatch<ColumnSink<object?>>
    {
        public ColumnSink<object?> Invoke<T>() => new ListSink<T>(type);
    }
}

/// <summary>Writes arrays and vectors of one element type as lists.</summary>
internal sealed class ListSink<T>(EngineType type) : ColumnSink<object?>
{
    private readonly ColumnSink<T> _elements = ColumnSink<T>.For(type.Component!, 0);
    private readonly List<int> _offsets = [0];
    private readonly List<bool> _valid = [];
    private int _used;

    protected override void Write(ReadOnlySpan<object?> values)
    {
        foreach (object? value in values)
        {
            _valid.Add(value is not null);
            if (value is FormulaVector<T> vector)
            {
                if (_used + vector.Size > MemoryGuard.MostElements)
                    throw new FormulaError("the arrays of this column are too large");
                for (long n = 0; n < vector.Size; n++)
                {
                    _elements.Reserve(1)[0] = vector.Get(n);
                    _elements.Commit(1);
                }

                _used += (int)vector.Size;
            }

            _offsets.Add(_used);
        }
    }

    public override Column Finish()
    {
        Column elements = _elements.Finish();
        IArrowArray child = elements.Read(0, (int)elements.Length);
        ulong[] valid = Validity.NewBitmap(_valid.Count);
        int nulls = 0;
        for (int n = 0; n < _valid.Count; n++)
        {
            valid[n >> 6] |= (_valid[n] ? 1UL : 0) << n;
            nulls += _valid[n] ? 0 : 1;
        }

        ArrowBuffer[] buffers =
        [
            nulls == 0 ? ArrowBuffer.Empty : Validity.Wrap(valid),
            new ArrowBuffer(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_offsets)).ToArray()),
        ];
        var data = new ArrayData(ArrowMapping.ToArrow(type), _valid.Count, nulls, 0, buffers, [child.Data]);
        return new ChunkedColumn(type, data.DataType, [ArrowArrayFactory.BuildArray(data)]);
    }
}
