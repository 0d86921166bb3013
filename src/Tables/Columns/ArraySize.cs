using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns.Gathering;

namespace Wharf.Tables.Columns;

/// <summary>Computes the serialized size of arrays. For a slice, only the visible part counts.</summary>
internal static class ArraySize
{
    /// <summary>Returns the size of the visible part of an array.</summary>
    /// <returns>The size, or null for layouts of which only the size of whole buffers is known.</returns>
    public static long? Of(ArrayData data)
    {
        long validity = data.NullCount == 0 ? 0 : (data.Length + 7) / 8;
        switch (data.DataType)
        {
            case NullType:
                return 0;
            case BooleanType:
                return validity + ((data.Length + 7) / 8);
            case FixedWidthType fixedWidth:
                return validity + ((long)data.Length * Math.Max(1, fixedWidth.BitWidth / 8));
            case StringType or BinaryType when Offsets(data) is { IsEmpty: false } offsets:
                return validity + (4L * offsets.Length) + offsets[^1] - offsets[0];
            case ListType when Offsets(data) is { IsEmpty: false } offsets && Whole(data.Children[0]) is var elements:
                return validity + (4L * offsets.Length)
                    + (long)(elements * ((offsets[^1] - offsets[0]) / Math.Max(1.0, data.Children[0].Length)));
            default:
                return null;
        }
    }

    /// <summary>Returns the size of all buffers, whether or not they are visible.</summary>
    public static long Whole(ArrayData data) =>
        data.Buffers.Sum(static buffer => (long)buffer.Length) + (data.Children?.Sum(Whole) ?? 0)
            + (data.Dictionary is null ? 0 : Whole(data.Dictionary));

    private static ReadOnlySpan<int> Offsets(ArrayData data)
    {
        ReadOnlySpan<int> all = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        return all.Length <= data.Offset + data.Length ? [] : all.Slice(data.Offset, data.Length + 1);
    }
}
