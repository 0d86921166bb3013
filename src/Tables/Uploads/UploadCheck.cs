using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns.Gathering;

namespace Wharf.Tables.Uploads;

/// <summary>
/// Validates the types and buffers of uploaded arrays. A table is read long after its upload was acknowledged, so arrays that cannot be
/// read are rejected during the upload.
/// </summary>
internal static class UploadCheck
{
    /// <summary>Finds a union, at any depth, whose type ids do not fit into a signed byte.</summary>
    /// <returns>The problem, or null if there is none.</returns>
    public static string? FindProblem(IArrowType type) => type switch
    {
        UnionType union when union.TypeIds.Any(static id => id is < 0 or > sbyte.MaxValue) =>
            "has a union with a type id outside of 0 to 127",
        NestedType nested => nested.Fields.Select(static field => FindProblem(field.DataType))
            .FirstOrDefault(static problem => problem is not null),
        DictionaryType dictionary => FindProblem(dictionary.ValueType),
        ExtensionType extension => FindProblem(extension.StorageType),
        _ => null,
    };

    /// <summary>Finds a buffer that is inconsistent with the length or the offsets of its array.</summary>
    /// <returns>The problem, or null if there is none.</returns>
    public static string? FindProblem(ArrayData data)
    {
        long end = (long)data.Offset + data.Length;
        if (data.Offset < 0 || data.Length < 0)
            return "has a negative length";
        if (data.DataType is NullType || end == 0)
            return null;
        if (data.DataType is not (UnionType or RunEndEncodedType) && data.Buffers[0].Length > 0 && data.Buffers[0].Length * 8L < end)
            return "has a validity bitmap shorter than its rows";

        string? problem = data.DataType switch
        {
            DictionaryType { IndexType: FixedWidthType index } when data.Buffers[1].Length * 8L < end * index.BitWidth =>
                "has fewer indices than rows",
            FixedWidthType fixedWidth when data.Buffers[1].Length * 8L < end * fixedWidth.BitWidth => "has a buffer shorter than its rows",
            StringType or BinaryType => Offsets<int>(data, data.Buffers[2].Length),
            LargeStringType or LargeBinaryType => Offsets<long>(data, data.Buffers[2].Length),
            ListType or MapType => Offsets<int>(data, data.Children[0].Length),
            LargeListType => Offsets<long>(data, data.Children[0].Length),
            FixedSizeListType list when data.Children[0].Length < end * list.ListSize => "has fewer elements than its lists need",
            StructType when data.Children.Any(child => child.Length < end) => "has fewer values in a field than rows",
            ListViewType => Views<int>(data),
            LargeListViewType => Views<long>(data),
            StringViewType or BinaryViewType => Texts(data),
            UnionType union => Union(data, union),
            _ => null,
        };
        return problem ?? data.Children?.Select(FindProblem).FirstOrDefault(static wrong => wrong is not null)
            ?? (data.Dictionary is null ? null : FindProblem(data.Dictionary));
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

    private static string? Views<T>(ArrayData data)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        ReadOnlySpan<T> offsets = MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span),
            sizes = MemoryMarshal.Cast<byte, T>(data.Buffers[2].Span);
        int end = data.Offset + data.Length;
        if (offsets.Length < end || sizes.Length < end)
            return "has fewer offsets than rows";
        for (int n = data.Offset; n < end; n++)
        {
            if (T.IsNegative(offsets[n]) || T.IsNegative(sizes[n])
                || UInt128.CreateTruncating(offsets[n]) + UInt128.CreateTruncating(sizes[n]) > (UInt128)data.Children[0].Length)
            {
                return "has offsets beyond its data";
            }
        }

        return null;
    }

    /// <summary>
    /// Checks views: a short value is in the view itself; the view of a long value has its length, prefix, buffer and offset.
    /// </summary>
    private static string? Texts(ArrayData data)
    {
        const int Ints = 4, Buffer = 2, Place = 3, LongestInView = 12;
        ReadOnlySpan<int> views = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        if (views.Length / Ints < data.Offset + data.Length)
            return "has a buffer shorter than its rows";
        bool hasNulls = NullBits.MayContainNulls(data);
        for (int n = data.Offset; n < data.Offset + data.Length; n++)
        {
            ReadOnlySpan<int> view = views.Slice(n * Ints, Ints);
            if ((hasNulls && NullBits.IsNull(data.Buffers[0].Span, n)) || view[0] is >= 0 and <= LongestInView)
                continue;
            if (view[0] < 0 || view[Buffer] < 0 || view[Buffer] >= data.Buffers.Length - 2)
                return "has offsets beyond its data";
            if (view[Place] < 0 || (long)view[Place] + view[0] > data.Buffers[view[Buffer] + 2].Length)
                return "has offsets beyond its data";
        }

        return null;
    }

    private static string? Union(ArrayData data, UnionType type)
    {
        int end = data.Offset + data.Length;
        if (data.Buffers[0].Length < end)
            return "has a buffer shorter than its rows";
        ReadOnlySpan<byte> ids = data.Buffers[0].Span;
        bool isDense = type.Mode == UnionMode.Dense;
        ReadOnlySpan<int> places = isDense ? MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span) : [];
        if (isDense && places.Length < end)
            return "has fewer offsets than rows";
        for (int n = data.Offset; n < end; n++)
        {
            int child = System.Array.IndexOf(type.TypeIds, ids[n]);
            if (child < 0)
                return $"has a value of the type id {ids[n]}, which its union does not have";
            if (isDense ? places[n] < 0 || places[n] >= data.Children[child].Length : data.Children[child].Length < end)
                return "has offsets beyond its data";
        }

        return null;
    }
}
