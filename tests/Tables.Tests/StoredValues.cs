using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

/// <summary>Reads single values of arrays by Arrow's columnar format: bytes as hexadecimal digits, lists and structs in brackets.</summary>
internal static class StoredValues
{
    public static string[] Of(IArrowArray array) => [.. Enumerable.Range(0, array.Length).Select(row => At(array.Data, row))];

    public static string At(ArrayData data, int row)
    {
        int at = data.Offset + row;
        if (data.DataType is NullType)
            return "null";
        if (data.DataType is not (UnionType or RunEndEncodedType) && data.NullCount != 0 && data.Buffers[0].Length > 0
            && (data.Buffers[0].Span[at / 8] >> (at % 8) & 1) == 0)
            return "null";
        switch (data.DataType)
        {
            case DictionaryType dictionary:
                return At(data.Dictionary, (int)Number(data.Buffers[1], ((FixedWidthType)dictionary.IndexType).BitWidth / 8, at));
            case BooleanType:
                return (data.Buffers[1].Span[at / 8] >> (at % 8) & 1) == 1 ? "true" : "false";
            case FixedWidthType type:
                return Convert.ToHexString(data.Buffers[1].Span.Slice(at * type.BitWidth / 8, type.BitWidth / 8));
            case StringType or BinaryType:
                return Hex(data.Buffers[2], Number(data.Buffers[1], 4, at), Number(data.Buffers[1], 4, at + 1));
            case LargeStringType or LargeBinaryType:
                return Hex(data.Buffers[2], Number(data.Buffers[1], 8, at), Number(data.Buffers[1], 8, at + 1));
            case StringViewType or BinaryViewType:
                ReadOnlySpan<byte> view = data.Buffers[1].Span.Slice(at * 16, 16);
                int length = BinaryPrimitives.ReadInt32LittleEndian(view);
                return length <= 12
                    ? Convert.ToHexString(view.Slice(4, length))
                    : Convert.ToHexString(
                        data.Buffers[2 + BinaryPrimitives.ReadInt32LittleEndian(view[8..])].Span.Slice(
                            BinaryPrimitives.ReadInt32LittleEndian(view[12..]), length));
            case ListType or MapType:
                return Elements(data.Children[0], Number(data.Buffers[1], 4, at), Number(data.Buffers[1], 4, at + 1));
            case LargeListType:
                return Elements(data.Children[0], Number(data.Buffers[1], 8, at), Number(data.Buffers[1], 8, at + 1));
            case ListViewType or LargeListViewType:
                int width = data.DataType is ListViewType ? 4 : 8;
                long start = Number(data.Buffers[1], width, at);
                return Elements(data.Children[0], start, start + Number(data.Buffers[2], width, at));
            case FixedSizeListType list:
                return Elements(data.Children[0], at * list.ListSize, (at + 1) * list.ListSize);
            case StructType:
                return "(" + string.Join(",", data.Children.Select(child => At(child, at))) + ")";
            case UnionType union:
                int child = union.TypeIds.ToList().IndexOf(data.Buffers[0].Span[at]);
                return $"{child}:{At(data.Children[child], union.Mode == UnionMode.Sparse ? at : (int)Number(data.Buffers[1], 4, at))}";
            case RunEndEncodedType:
                int run = 0;
                while (Number(data.Children[0].Buffers[1], 4, data.Children[0].Offset + run) <= at)
                    run++;
                return At(data.Children[1], run);
            default:
                throw new ArgumentException(data.DataType.Name, nameof(data));
        }
    }

    private static string Elements(ArrayData child, long start, long end) =>
        "[" + string.Join(",", Enumerable.Range((int)start, (int)(end - start)).Select(row => At(child, row))) + "]";

    private static string Hex(ArrowBuffer bytes, long start, long end) => Convert.ToHexString(bytes.Span[(int)start..(int)end]);

    private static long Number(ArrowBuffer buffer, int width, int at)
    {
        ReadOnlySpan<byte> bytes = buffer.Span.Slice(at * width, width);
        return width switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };
    }
}
