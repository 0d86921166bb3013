using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>The elements of uploaded lists, in which the reserved value of a type is null as it is in a column.</summary>
internal static class ListedNulls
{
    /// <summary>Rewrites the elements of lists of every layout, at any depth.</summary>
    /// <param name="type">The type of the column.</param>
    /// <param name="array">The array that was sent.</param>
    /// <param name="rewrite">Rewrites an array of elements; returns the same array where nothing needs to change.</param>
    /// <returns>The array, or a new one with other elements.</returns>
    public static IArrowArray Rewritten(EngineType type, IArrowArray array, Func<EngineType, IArrowArray, IArrowArray> rewrite)
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
        return ArrowArrayFactory.BuildArray(new ArrayData(data.DataType, data.Length, array.NullCount, data.Offset, data.Buffers, [rewritten.Data]));
    }
}
