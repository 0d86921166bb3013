using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>Copies values of a fixed width: numbers, times, decimals, intervals and fixed-size binary.</summary>
internal sealed class FixedWidthAppender(IArrowType type, FixedWidthType layout) : ArrayAppender(type)
{
    private readonly int _width = layout.BitWidth / 8;
    private readonly GatherBuffer _values = new();
    private readonly NullBits _nulls = new();

    public override int Length => _nulls.Length;

    public override void Reserve(int rows) => _values.Reserve((long)rows * _width);

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        _nulls.Append(source, rows);
        ReadOnlySpan<byte> values = source.Buffers[1].Span;
        Span<byte> target = _values.Add((long)rows.Length * _width);
        switch (_width)
        {
            case 1:
                Gather(values[source.Offset..], rows, target);
                break;
            case 2:
                Gather<ushort>(values, source.Offset, rows, target);
                break;
            case 4:
                Gather<uint>(values, source.Offset, rows, target);
                break;
            case 8:
                Gather<ulong>(values, source.Offset, rows, target);
                break;
            case 16:
                Gather<Vector128<byte>>(values, source.Offset, rows, target);
                break;
            default:
                for (int n = 0; n < rows.Length; n++)
                    values.Slice((source.Offset + rows[n]) * _width, _width).CopyTo(target[(n * _width)..]);
                break;
        }
    }

    public override void AppendRange(ArrayData source, int start, int count)
    {
        if (NullBits.MayContainNulls(source))
        {
            base.AppendRange(source, start, count);
            return;
        }

        _nulls.AppendValid(count);
        source.Buffers[1].Span.Slice((source.Offset + start) * _width, count * _width).CopyTo(_values.Add((long)count * _width));
    }

    public override void AppendNulls(int count)
    {
        _nulls.AppendNulls(count);
        Span<byte> target = _values.Add((long)count * _width);
        ReadOnlySpan<byte> reserved = NullValue(layout);
        if (reserved.IsEmpty)
            target.Clear();
        for (; !reserved.IsEmpty && !target.IsEmpty; target = target[_width..])
            reserved.CopyTo(target);
    }

    public override ArrayData Finish(List<ColumnBlock> memory) =>
        new(Type, Length, _nulls.Count, 0, [_nulls.Finish(), _values.Finish(memory)]);

    // The engine reads these types in place and treats this value as null.
    private static ReadOnlySpan<byte> NullValue(FixedWidthType type) => type switch
    {
        Int8Type => Bytes(Null<sbyte>.Value),
        Int16Type => Bytes(Null<short>.Value),
        UInt16Type => Bytes(Null<char>.Value),
        Int32Type => Bytes(Null<int>.Value),
        Int64Type or TimestampType or Time64Type or DurationType or Date64Type => Bytes(Null<long>.Value),
        FloatType => Bytes(Null<float>.Value),
        DoubleType => Bytes(Null<double>.Value),
        _ => [],
    };

    private static byte[] Bytes<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    private static void Gather<T>(ReadOnlySpan<byte> values, int offset, ReadOnlySpan<int> rows, Span<byte> target)
        where T : unmanaged => Gather(MemoryMarshal.Cast<byte, T>(values)[offset..], rows, MemoryMarshal.Cast<byte, T>(target));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> rows, Span<T> target)
    {
        target = target[..rows.Length];
        for (int n = 0; n < rows.Length; n++)
            target[n] = values[rows[n]];
    }
}

/// <summary>Copies booleans.</summary>
internal sealed class BooleanAppender(IArrowType type) : ArrayAppender(type)
{
    private readonly NullBits _nulls = new();
    private ulong[] _values = [];

    public override int Length => _nulls.Length;

    public override void Reserve(int rows) => Grow(rows);

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        int at = Length;
        Grow(at + rows.Length);
        _nulls.Append(source, rows);
        ReadOnlySpan<byte> values = source.Buffers[1].Span;
        for (int n = 0; n < rows.Length; n++)
        {
            int bit = source.Offset + rows[n];
            _values[(at + n) >> 6] |= (ulong)(values[bit >> 3] >> (bit & 7) & 1) << (at + n);
        }
    }

    public override void AppendNulls(int count)
    {
        Grow(Length + count);
        _nulls.AppendNulls(count);
    }

    public override ArrayData Finish(List<ColumnBlock> memory) =>
        new(Type, Length, _nulls.Count, 0, [_nulls.Finish(), Validity.Wrap(_values[..((Length + 63) / 64)])]);

    private void Grow(int rows)
    {
        int words = (rows + 63) / 64;
        if (words > _values.Length)
            System.Array.Resize(ref _values, Math.Max(words, _values.Length * 2));
    }
}

/// <summary>Counts the rows of the null type.</summary>
internal sealed class NullAppender(IArrowType type) : ArrayAppender(type)
{
    private int _length;

    public override int Length => _length;

    public override void Append(ArrayData source, ReadOnlySpan<int> rows) => _length += rows.Length;

    public override void AppendNulls(int count) => _length += count;

    public override ArrayData Finish(List<ColumnBlock> memory) => new(Type, _length, _length, 0, System.Array.Empty<ArrowBuffer>());
}
