using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>
/// Looks whether an array's buffers hold what its length and offsets promise. Uploads come from anyone, and a table is read long after the upload was
/// answered: what cannot be read is refused while there is still someone to tell.
/// </summary>
internal static class UploadCheck
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Find(ArrayData data)
    {
        long end = (long)data.Offset + data.Length;
        if (data.Offset < 0 || data.Length < 0)
            return "has a negative length";
        if (data.DataType is NullType || end == 0)
            return null;
        if (data.DataType is not UnionType && data.Buffers[0].Length > 0 && data.Buffers[0].Length * 8L < end)
            return "has a validity bitmap shorter than its rows";

        string? problem = data.DataType switch
        {
            DictionaryType { IndexType: FixedWidthType index } when data.Buffers[1].Length * 8L < end * index.BitWidth => "has fewer indices than rows",
            FixedWidthType fixedWidth when data.Buffers[1].Length * 8L < end * fixedWidth.BitWidth => "has a buffer shorter than its rows",
            StringType or BinaryType => Offsets<int>(data, data.Buffers[2].Length),
            LargeStringType or LargeBinaryType => Offsets<long>(data, data.Buffers[2].Length),
            ListType or MapType => Offsets<int>(data, data.Children[0].Length),
            LargeListType => Offsets<long>(data, data.Children[0].Length),
            FixedSizeListType list when data.Children[0].Length < end * list.ListSize => "has fewer elements than its lists promise",
            _ => null,
        };
        return problem ?? data.Children?.Select(Find).FirstOrDefault(static wrong => wrong is not null) ?? (data.Dictionary is null ? null : Find(data.Dictionary));
    }

    private static string? Offsets<T>(ArrayData data, long limit)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        ReadOnlySpan<T> offsets = MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span);
        if (offsets.Length <= data.Offset + data.Length)
            return data.Length == 0 ? null : "has fewer offsets than rows";
        offsets = offsets.Slice(data.Offset, data.Length + 1);
        T last = T.Zero;
        foreach (T offset in offsets)
        {
            if (offset < last)
                return "has offsets that go backwards";
            last = offset;
        }

        return last > T.CreateTruncating(limit) ? "has offsets beyond its data" : null;
    }
}
