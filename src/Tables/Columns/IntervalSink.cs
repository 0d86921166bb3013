using System.Buffers.Binary;
using Apache.Arrow;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Writes intervals of months, days and nanoseconds.</summary>
internal sealed class IntervalSink(EngineType type) : ColumnSink<object?>
{
    private const int Width = 16;

    private readonly List<PeriodDuration?> _values = [];

    protected override void Write(ReadOnlySpan<object?> values)
    {
        foreach (object? value in values)
            _values.Add((PeriodDuration?)value);
    }

    public override Column Finish()
    {
        byte[] bytes = new byte[_values.Count * Width];
        ulong[] valid = Validity.NewBitmap(_values.Count);
        int nulls = 0;
        for (int n = 0; n < _values.Count; n++)
        {
            if (_values[n] is not { } interval)
            {
                nulls++;
                continue;
            }

            valid[n >> 6] |= 1UL << n;
            Span<byte> target = bytes.AsSpan(n * Width, Width);
            BinaryPrimitives.WriteInt32LittleEndian(target, interval.Months);
            BinaryPrimitives.WriteInt32LittleEndian(target[4..], interval.Days);
            BinaryPrimitives.WriteInt64LittleEndian(target[8..], interval.Nanos);
        }

        IArrowArray array = Build(
            type, _values.Count, nulls, nulls == 0 ? ArrowBuffer.Empty : Validity.Wrap(valid), new ArrowBuffer(bytes));
        return new ChunkedColumn(type, ArrowMapping.ToArrow(type), (IArrowArray[])[array]);
    }
}
