using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>Makes arrays of some rows of an array, of any Arrow type that is not encoded. A row may be picked many times.</summary>
internal sealed class RowPicker
{
    /// <summary>Stands for null among the rows.</summary>
    public const int Nothing = -1;

    private readonly long _most = Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
    private long _spent;

    /// <summary>Whether a row is null.</summary>
    public static bool IsNull(ArrayData data, int row) =>
        data.NullCount != 0 && data.DataType is not (UnionType or NullType) && data.Buffers[0].Length > 0 && !BitUtility.GetBit(data.Buffers[0].Span, data.Offset + row);

    /// <summary>Counts memory before it is taken: a few bytes of a dictionary or of runs stand for any number of rows.</summary>
    /// <exception cref="TableException">It is more than a quarter of the server's.</exception>
    public void Spend(long bytes)
    {
        _spent += bytes;
        if (bytes > System.Array.MaxLength || _spent > _most)
            throw new TableException(TableError.InvalidArgument, $"its dictionaries and runs take more than {Math.Min(bytes, _spent)} bytes as plain values, which this server cannot hold");
    }

    /// <summary>Picks rows.</summary>
    /// <param name="source">The array.</param>
    /// <param name="rows">The rows; <see cref="Nothing"/> makes a null.</param>
    /// <exception cref="TableException">They take too much memory.</exception>
    public ArrayData Pick(ArrayData source, ReadOnlySpan<int> rows)
    {
        IArrowType stored = source.DataType is ExtensionType extension ? extension.StorageType : source.DataType;
        return stored switch
        {
            NullType => Made(source, rows.Length, rows.Length, []),
            UnionType { Mode: var mode } => Union(source, rows, mode),
            BooleanType => Bits(source, rows),
            StringType or BinaryType => Variable<int>(source, rows),
            LargeStringType or LargeBinaryType => Variable<long>(source, rows),
            StringViewType or BinaryViewType => Fixed(source, rows, 16, [.. source.Buffers.AsSpan(2)]),
            ListType or MapType => Lists<int>(source, rows),
            LargeListType => Lists<long>(source, rows),
            ListViewType => Views(source, rows, sizeof(int)),
            LargeListViewType => Views(source, rows, sizeof(long)),
            FixedSizeListType list => FixedLists(source, rows, list.ListSize),
            StructType => Struct(source, rows),
            FixedWidthType { BitWidth: var bits } => Fixed(source, rows, bits / 8, []),
            _ => throw new TableException(TableError.InvalidArgument, $"a dictionary or run of values of type {stored.Name} is not supported"),
        };
    }

    private static ArrayData Made(ArrayData source, int length, int nulls, ArrowBuffer[] buffers, ArrayData[]? children = null) =>
        new(source.DataType, length, nulls, 0, buffers, children);

    private (ArrowBuffer Bitmap, int Nulls) ValidityOf(ArrayData source, ReadOnlySpan<int> rows)
    {
        int nulls = 0;
        foreach (int row in rows)
            nulls += row < 0 || IsNull(source, row) ? 1 : 0;
        if (nulls == 0)
            return (ArrowBuffer.Empty, 0);
        Spend(rows.Length / 8);
        ulong[] words = Validity.NewBitmap(rows.Length);
        for (int n = 0; n < rows.Length; n++)
            words[n >> 6] |= (rows[n] < 0 || IsNull(source, rows[n]) ? 0UL : 1UL) << n;
        return (Validity.Wrap(words), nulls);
    }

    private ArrayData Bits(ArrayData source, ReadOnlySpan<int> rows)
    {
        (ArrowBuffer validity, int nulls) = ValidityOf(source, rows);
        Spend(rows.Length / 8);
        ulong[] words = Validity.NewBitmap(rows.Length);
        ReadOnlySpan<byte> bits = source.Buffers[1].Span;
        for (int n = 0; n < rows.Length; n++)
            words[n >> 6] |= (rows[n] >= 0 && BitUtility.GetBit(bits, source.Offset + rows[n]) ? 1UL : 0UL) << n;
        return Made(source, rows.Length, nulls, [validity, Validity.Wrap(words)]);
    }

    /// <summary>Picks values of one width; buffers that all of them refer to stay.</summary>
    private ArrayData Fixed(ArrayData source, ReadOnlySpan<int> rows, int width, ArrowBuffer[] shared)
    {
        (ArrowBuffer validity, int nulls) = ValidityOf(source, rows);
        return Made(source, rows.Length, nulls, [validity, Copied(source, source.Buffers[1], rows, width), .. shared]);
    }

    private ArrowBuffer Copied(ArrayData source, ArrowBuffer buffer, ReadOnlySpan<int> rows, int width)
    {
        Spend((long)rows.Length * width);
        byte[] values = new byte[rows.Length * width];
        ReadOnlySpan<byte> from = buffer.Span;
        for (int n = 0; n < rows.Length; n++)
        {
            if (rows[n] >= 0)
                from.Slice((source.Offset + rows[n]) * width, width).CopyTo(values.AsSpan(n * width));
        }

        return new ArrowBuffer(values);
    }

    private ArrayData Variable<T>(ArrayData source, ReadOnlySpan<int> rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        (ArrowBuffer validity, int nulls) = ValidityOf(source, rows);
        (T[] offsets, long length) = Offsets<T>(source, rows);
        Spend(length);
        byte[] values = new byte[length];
        ReadOnlySpan<T> places = MemoryMarshal.Cast<byte, T>(source.Buffers[1].Span);
        ReadOnlySpan<byte> from = source.Buffers[2].Span;
        for (int n = 0; n < rows.Length; n++)
        {
            if (rows[n] >= 0 && !IsNull(source, rows[n]))
                from[int.CreateTruncating(places[source.Offset + rows[n]])..int.CreateTruncating(places[source.Offset + rows[n] + 1])].CopyTo(values.AsSpan(int.CreateTruncating(offsets[n])));
        }

        return Made(source, rows.Length, nulls, [validity, Buffer(offsets), new ArrowBuffer(values)]);
    }

    private ArrayData Lists<T>(ArrayData source, ReadOnlySpan<int> rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        (ArrowBuffer validity, int nulls) = ValidityOf(source, rows);
        (T[] offsets, long length) = Offsets<T>(source, rows);
        Spend(length * sizeof(int));
        int[] elements = new int[length];
        ReadOnlySpan<T> places = MemoryMarshal.Cast<byte, T>(source.Buffers[1].Span);
        for (int n = 0; n < rows.Length; n++)
        {
            int start = int.CreateTruncating(offsets[n]), count = int.CreateTruncating(offsets[n + 1]) - start;
            for (int element = 0; element < count; element++)
                elements[start + element] = int.CreateTruncating(places[source.Offset + rows[n]]) + element;
        }

        return Made(source, rows.Length, nulls, [validity, Buffer(offsets)], [Pick(source.Children[0], elements)]);
    }

    /// <summary>The offsets of picked values one behind the other, and how long these are together.</summary>
    private (T[] Offsets, long Length) Offsets<T>(ArrayData source, ReadOnlySpan<int> rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        Spend((rows.Length + 1L) * Marshal.SizeOf<T>());
        ReadOnlySpan<T> places = MemoryMarshal.Cast<byte, T>(source.Buffers[1].Span);
        var offsets = new T[rows.Length + 1];
        long end = 0;
        for (int n = 0; n < rows.Length; n++)
        {
            if (rows[n] >= 0 && !IsNull(source, rows[n]))
                end += long.CreateTruncating(places[source.Offset + rows[n] + 1] - places[source.Offset + rows[n]]);
            if (end > System.Array.MaxLength)
                Spend(end);
            offsets[n + 1] = T.CreateTruncating(end);
        }

        return (offsets, end);
    }

    private ArrayData Views(ArrayData source, ReadOnlySpan<int> rows, int width)
    {
        (ArrowBuffer validity, int nulls) = ValidityOf(source, rows);
        return Made(source, rows.Length, nulls, [validity, Copied(source, source.Buffers[1], rows, width), Copied(source, source.Buffers[2], rows, width)], source.Children);
    }

    private ArrayData FixedLists(ArrayData source, ReadOnlySpan<int> rows, int size)
    {
        (ArrowBuffer validity, int nulls) = ValidityOf(source, rows);
        Spend((long)rows.Length * size * sizeof(int));
        int[] elements = new int[rows.Length * size];
        for (int n = 0; n < elements.Length; n++)
            elements[n] = rows[n / size] < 0 ? Nothing : ((source.Offset + rows[n / size]) * size) + (n % size);
        return Made(source, rows.Length, nulls, [validity], [Pick(source.Children[0], elements)]);
    }

    private ArrayData Struct(ArrayData source, ReadOnlySpan<int> rows)
    {
        (ArrowBuffer validity, int nulls) = ValidityOf(source, rows);
        return Made(source, rows.Length, nulls, [validity], Children(source, rows));
    }

    private ArrayData[] Children(ArrayData source, ReadOnlySpan<int> rows)
    {
        int[] at = rows.ToArray();
        for (int n = 0; n < at.Length; n++)
            at[n] = at[n] < 0 ? Nothing : at[n] + source.Offset;
        return [.. source.Children.Select(child => Pick(child, at))];
    }

    /// <summary>Picks rows of a union. It has no validity of its own: a null is one of its first child.</summary>
    private ArrayData Union(ArrayData source, ReadOnlySpan<int> rows, UnionMode mode)
    {
        if (mode == UnionMode.Dense && rows.Contains(Nothing))
            throw new TableException(TableError.InvalidArgument, "a dictionary of dense unions has a null index, which is not supported");
        ArrowBuffer ids = Copied(source, source.Buffers[0], rows, sizeof(byte));
        if (mode == UnionMode.Dense)
            return Made(source, rows.Length, 0, [ids, Copied(source, source.Buffers[1], rows, sizeof(int))], source.Children);
        if (rows.Contains(Nothing))
        {
            byte first = checked((byte)((UnionType)source.DataType).TypeIds[0]);
            byte[] put = ids.Span.ToArray();
            for (int n = 0; n < put.Length; n++)
                put[n] = rows[n] < 0 ? first : put[n];
            ids = new ArrowBuffer(put);
        }

        return Made(source, rows.Length, 0, [ids], Children(source, rows));
    }

    private static ArrowBuffer Buffer<T>(T[] values)
        where T : unmanaged => new(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
