using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns.Gathering;

namespace Wharf.Tables.Tests;

/// <summary>
/// Creates arrays of any Arrow type. Every third row is null if nulls are possible, and no two batches have the same dictionary.
/// </summary>
internal static class SampleArrays
{
    public static IArrowArray Of(IArrowType type, int rows, int seed = 0) => ArrowArrayFactory.BuildArray(Data(type, rows, seed));

    private static ArrayData Data(IArrowType type, int rows, int seed, bool hasNulls = true)
    {
        (ArrowBuffer validity, int nulls) = hasNulls ? Nulls(rows) : (ArrowBuffer.Empty, 0);
        ArrayData Made(ArrowBuffer[] buffers, ArrayData[]? children = null) => new(type, rows, nulls, 0, [validity, .. buffers], children);
        ArrayData Child(int count, int child = 0) => Data(((NestedType)type).Fields[child].DataType, count, seed);
        switch (type)
        {
            case NullType:
                return new ArrayData(type, rows, rows, 0, []);
            case DictionaryType dictionary:
                int width = ((FixedWidthType)dictionary.IndexType).BitWidth / 8;
                return new ArrayData(type, rows, nulls, 0, [validity, Values(rows, width, static n => n % 3)], null, Data(dictionary.ValueType, 3, seed));
            case RunEndEncodedType runs:
                ArrowBuffer endValues = Values(2, ((FixedWidthType)runs.RunEndsDataType).BitWidth / 8, n => n == 0 ? 1 : rows);
                ArrayData ends = new(runs.RunEndsDataType, 2, 0, 0, [ArrowBuffer.Empty, endValues]);
                return new ArrayData(type, rows, 0, 0, [], [ends, Data(runs.ValuesDataType, 2, seed)]);
            case BooleanType:
                return Made([new ArrowBuffer(Enumerable.Repeat((byte)0b1001_1001, (rows / 8) + 1).ToArray())]);
            case StringType or BinaryType:
                return Made([Offsets<int>(rows, 1), Letters(rows, seed)]);
            case LargeStringType or LargeBinaryType:
                return Made([Offsets<long>(rows, 1), Letters(rows, seed)]);
            case StringViewType or BinaryViewType:
                return Made([Views(rows, seed), new ArrowBuffer(Encoding.UTF8.GetBytes("a text of more than twelve bytes"))]);
            case MapType map:
                ArrayData keys = Data(map.KeyField.DataType, rows, seed, hasNulls: false), values = Data(map.ValueField.DataType, rows, seed);
                return Made([Offsets<int>(rows, 1)], [new ArrayData(map.Fields[0].DataType, rows, 0, 0, [ArrowBuffer.Empty], [keys, values])]);
            case ListType:
                return Made([Offsets<int>(rows, 2)], [Child(rows * 2)]);
            case LargeListType:
                return Made([Offsets<long>(rows, 2)], [Child(rows * 2)]);
            case ListViewType:
                return Made([Values(rows, 4, static n => n), Values(rows, 4, static _ => 2)], [Child(rows + 1)]);
            case LargeListViewType:
                return Made([Values(rows, 8, static n => n), Values(rows, 8, static _ => 2)], [Child(rows + 1)]);
            case FixedSizeListType list:
                return Made([], [Child(rows * list.ListSize)]);
            case StructType fields:
                return Made([], [.. fields.Fields.Select((_, n) => Child(rows, n))]);
            case UnionType { Mode: UnionMode.Sparse } union:
                return new ArrayData(type, rows, 0, 0, [Values(rows, 1, static n => n % 2)], [.. union.Fields.Select((_, n) => Child(rows, n))]);
            case UnionType union:
                ArrowBuffer ids = Values(rows, 1, static n => n % 2), places = Values(rows, 4, static n => n / 2);
                return new ArrayData(type, rows, 0, 0, [ids, places], [.. union.Fields.Select((_, n) => Child((rows / 2) + 1, n))]);
            case Date64Type:
                return Made([Values(rows, 8, n => (n + seed) * 86_400_000L)]);
            case FixedWidthType fixedWidth:
                return Made([Values(rows, fixedWidth.BitWidth / 8, n => n + seed + 1)]);
            default:
                throw new ArgumentException(type.Name);
        }
    }

    private static (ArrowBuffer Bitmap, int Count) Nulls(int rows)
    {
        byte[] bits = new byte[(rows / 8) + 1];
        for (int n = 0; n < rows; n++)
            bits[n / 8] |= (byte)(n % 3 == 1 ? 0 : 1 << (n % 8));
        return (new ArrowBuffer(bits), Enumerable.Range(0, rows).Count(static n => n % 3 == 1));
    }

    private static ArrowBuffer Values(int rows, int width, Func<int, long> value)
    {
        byte[] bytes = new byte[rows * width];
        Span<byte> whole = stackalloc byte[sizeof(long)];
        for (int n = 0; n < rows; n++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(whole, value(n));
            whole[..Math.Min(width, whole.Length)].CopyTo(bytes.AsSpan(n * width));
        }

        return new ArrowBuffer(bytes);
    }

    private static ArrowBuffer Offsets<T>(int rows, int step)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        new(MemoryMarshal.AsBytes<T>([.. Enumerable.Range(0, rows + 1).Select(n => T.CreateChecked(n * step))]).ToArray());

    private static ArrowBuffer Letters(int rows, int seed) => new(Enumerable.Range(0, rows).Select(n => (byte)('a' + ((n + seed) % 3))).ToArray());

    /// <summary>Strings of one letter in the view, and one string in the buffer.</summary>
    private static ArrowBuffer Views(int rows, int seed)
    {
        byte[] bytes = new byte[rows * 16];
        for (int n = 0; n < rows; n++)
        {
            Span<byte> view = bytes.AsSpan(n * 16, 16);
            bool isLong = n == 2;
            view[0] = (byte)(isLong ? 16 : 1);
            view[4] = (byte)('a' + (isLong ? 0 : (n + seed) % 3));
            if (isLong)
                " te"u8.CopyTo(view[5..]);
        }

        return new ArrowBuffer(bytes);
    }
}
