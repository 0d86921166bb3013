using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Columns;

/// <summary>Creates arrays without rows.</summary>
internal static class EmptyArrays
{
    public static IArrowArray Of(IArrowType type) => ArrowArrayFactory.BuildArray(Data(type));

    private static ArrayData Data(IArrowType type)
    {
        ArrowBuffer[] buffers = type switch
        {
            NullType => [],
            StructType or FixedSizeListType => [ArrowBuffer.Empty],
            UnionType { Mode: UnionMode.Sparse } => [ArrowBuffer.Empty],
            StringType or BinaryType or LargeStringType or LargeBinaryType or ListViewType or LargeListViewType or UnionType
                or StringViewType or BinaryViewType
                => [ArrowBuffer.Empty, ArrowBuffer.Empty, ArrowBuffer.Empty],
            _ => [ArrowBuffer.Empty, ArrowBuffer.Empty],
        };
        ArrayData[]? children = type is NestedType nested ? [.. nested.Fields.Select(static field => Data(field.DataType))] : null;
        ArrayData? dictionary = type is DictionaryType encoded ? Data(encoded.ValueType) : null;
        return new ArrayData(type, 0, 0, 0, buffers, children, dictionary);
    }
}
