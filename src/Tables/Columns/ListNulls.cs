using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Marks the reserved values in uploaded lists as null, as in columns.</summary>
internal static class ListNulls
{
    /// <summary>Rewrites the elements of lists of every layout, at any depth.</summary>
    /// <param name="type">The type of the column.</param>
    /// <param name="array">The uploaded array.</param>
    /// <param name="rewrite">Rewrites an array of elements; returns the same array if nothing changes.</param>
    /// <returns>The array, or a new array with other elements.</returns>
    public static IArrowArray Rewrite(EngineType type, IArrowArray array, Func<EngineType, IArrowArray, IArrowArray> rewrite)
    {
        if (array.Data.DataType is not (ListType or LargeListType or FixedSizeListType or ListViewType or LargeListViewType))
            return array;
        IArrowArray elements = ArrowArrayFactory.BuildArray(array.Data.Children[0]);
        if ((type.Component ?? ArrowMapping.ToEngine(elements.Data.DataType)) is not { } component)
            return array;
        IArrowArray rewritten = rewrite(component, elements);
        if (ReferenceEquals(rewritten, elements))
            return array;
        ArrayData data = array.Data;
        return ArrowArrayFactory.BuildArray(
            new ArrayData(data.DataType, data.Length, array.NullCount, data.Offset, data.Buffers, [rewritten.Data]));
    }
}
