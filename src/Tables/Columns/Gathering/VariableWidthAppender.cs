using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>Copies strings and binary values with offsets.</summary>
/// <typeparam name="TOffset">The type of an offset.</typeparam>
internal sealed class VariableWidthAppender<TOffset>(IArrowType type) : ArrayAppender(type)
    where TOffset : unmanaged, IBinaryInteger<TOffset>
{
    private readonly GatherBuffer _offsets = Offsets.Start<TOffset>(), _bytes = new();
    private readonly NullBits _nulls = new();

    public override int Length => _nulls.Length;

    public override long Weight => _bytes.Used;

    public override void Reserve(int rows) => _offsets.Reserve((rows + 1L) * Unsafe.SizeOf<TOffset>());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        _nulls.Append(source, rows);
        ReadOnlySpan<TOffset> offsets = Offsets.Of<TOffset>(source);
        Span<TOffset> ends = MemoryMarshal.Cast<byte, TOffset>(_offsets.Add((long)rows.Length * Unsafe.SizeOf<TOffset>()));
        long end = _bytes.Used;
        for (int n = 0; n < rows.Length; n++)
        {
            end += long.CreateTruncating(offsets[rows[n] + 1] - offsets[rows[n]]);
            ends[n] = TOffset.CreateTruncating(end);
        }

        Span<byte> target = _bytes.Add(end - _bytes.Used);
        ReadOnlySpan<byte> bytes = source.Buffers[2].Span;
        foreach (int row in rows)
        {
            int start = int.CreateTruncating(offsets[row]), length = int.CreateTruncating(offsets[row + 1]) - start;
            bytes.Slice(start, length).CopyTo(target);
            target = target[length..];
        }
    }

    public override void AppendNulls(int count)
    {
        _nulls.AppendNulls(count);
        MemoryMarshal.Cast<byte, TOffset>(_offsets.Add((long)count * Unsafe.SizeOf<TOffset>())).Fill(TOffset.CreateTruncating(_bytes.Used));
    }

    public override ArrayData Finish(List<ColumnBlock> memory) =>
        new(Type, Length, _nulls.Count, 0, [_nulls.Finish(), _offsets.Finish(memory), _bytes.Finish(memory)]);
}

/// <summary>Reads and creates offsets of arrays.</summary>
internal static class Offsets
{
    /// <summary>Returns the offsets of the rows of an array and, where there are no sizes, the end of the last row.</summary>
    public static ReadOnlySpan<TOffset> Of<TOffset>(ArrayData data, int buffer = 1)
        where TOffset : unmanaged => MemoryMarshal.Cast<byte, TOffset>(data.Buffers[buffer].Span)[data.Offset..];

    /// <summary>Returns a buffer with the offset of the first row.</summary>
    public static GatherBuffer Start<TOffset>()
        where TOffset : unmanaged
    {
        var buffer = new GatherBuffer();
        buffer.Add(Unsafe.SizeOf<TOffset>()).Clear();
        return buffer;
    }
}

/// <summary>
/// Copies string and binary views, with only the bytes of the added rows.
/// </summary>
internal sealed class ViewAppender(IArrowType type) : ArrayAppender(type)
{
    private const int ViewBytes = 16, LongestInView = 12, PlaceAt = 8;

    private readonly GatherBuffer _views = new(), _bytes = new();
    private readonly NullBits _nulls = new();

    public override int Length => _nulls.Length;

    public override long Weight => _bytes.Used;

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        _nulls.Append(source, rows);
        bool hasNulls = NullBits.MayContainNulls(source);
        ReadOnlySpan<byte> views = source.Buffers[1].Span;
        Span<byte> target = _views.Add((long)rows.Length * ViewBytes);
        for (int n = 0; n < rows.Length; n++)
        {
            int row = source.Offset + rows[n];
            Span<byte> view = target.Slice(n * ViewBytes, ViewBytes);
            if (hasNulls && NullBits.IsNull(source.Buffers[0].Span, row))
            {
                view.Clear();
                continue;
            }

            views.Slice(row * ViewBytes, ViewBytes).CopyTo(view);
            int length = MemoryMarshal.Read<int>(view);
            if (length <= LongestInView)
                continue;
            Span<int> place = MemoryMarshal.Cast<byte, int>(view[PlaceAt..]);
            ReadOnlySpan<byte> bytes = source.Buffers[2 + place[0]].Span.Slice(place[1], length);
            (place[0], place[1]) = (0, _bytes.Used);
            bytes.CopyTo(_bytes.Add(length));
        }
    }

    public override void AppendNulls(int count)
    {
        _nulls.AppendNulls(count);
        _views.Add((long)count * ViewBytes).Clear();
    }

    public override ArrayData Finish(List<ColumnBlock> memory)
    {
        ArrowBuffer validity = _nulls.Finish(), views = _views.Finish(memory);
        ArrowBuffer[] buffers = _bytes.Used == 0 ? [validity, views] : [validity, views, _bytes.Finish(memory)];
        return new ArrayData(Type, Length, _nulls.Count, 0, buffers);
    }
}
