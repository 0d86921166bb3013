using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>
/// Builds an array from rows of other arrays of the same type. Each physical layout of Arrow has an appender. Values are copied as they are
/// stored and are not interpreted, so that every type keeps its unit, zone, scale and width.
/// </summary>
/// <param name="type">The type of the array.</param>
internal abstract class ArrayAppender(IArrowType type)
{
    // The number of rows into which a range is expanded at a time.
    private const int BlockRows = 256;

    /// <summary>The number of rows so far.</summary>
    public abstract int Length { get; }

    /// <summary>The largest offset of the array so far.</summary>
    public virtual long Weight => 0;

    /// <summary>The type of the array.</summary>
    protected IArrowType Type { get; } = type;

    /// <summary>Finds the appender for a type.</summary>
    /// <exception cref="TableException">Arrow has no layout for the type.</exception>
    public static ArrayAppender For(IArrowType type) => For(type, type);

    /// <summary>Reserves memory for a number of rows.</summary>
    public virtual void Reserve(int rows)
    {
    }

    /// <summary>Adds rows of an array.</summary>
    /// <param name="source">An array of the same type.</param>
    /// <param name="rows">The rows in any order, relative to the offset of the array.</param>
    public abstract void Append(ArrayData source, ReadOnlySpan<int> rows);

    /// <summary>Adds consecutive rows of an array.</summary>
    public virtual void AppendRange(ArrayData source, int start, int count)
    {
        // An empty range is appended too: the result needs the dictionary, which a stream sends only once.
        Span<int> rows = stackalloc int[Math.Min(count, BlockRows)];
        int done = 0;
        do
        {
            rows = rows[..Math.Min(rows.Length, count - done)];
            for (int n = 0; n < rows.Length; n++)
                rows[n] = start + done + n;
            Append(source, rows);
            done += rows.Length;
        }
        while (done < count);
    }

    /// <summary>Adds nulls.</summary>
    public abstract void AppendNulls(int count);

    /// <summary>Returns the array of all added rows. The appender cannot be used afterwards.</summary>
    /// <param name="memory">The memory of the chunk that the array belongs to.</param>
    public abstract ArrayData Finish(List<ColumnBlock> memory);

    // An extension type has the layout of its storage type.
    private static ArrayAppender For(IArrowType layout, IArrowType type) => layout switch
    {
        ExtensionType extension => For(extension.StorageType, type),
        DictionaryType dictionary => new DictionaryAppender(type, dictionary),
        BooleanType => new BooleanAppender(type),
        FixedWidthType fixedWidth => new FixedWidthAppender(type, fixedWidth),
        StringType or BinaryType => new VariableWidthAppender<int>(type),
        LargeStringType or LargeBinaryType => new VariableWidthAppender<long>(type),
        StringViewType or BinaryViewType => new ViewAppender(type),
        ListType list => new ListAppender<int>(type, list.ValueDataType, hasSizes: false),
        LargeListType list => new ListAppender<long>(type, list.ValueDataType, hasSizes: false),
        ListViewType list => new ListAppender<int>(type, list.ValueDataType, hasSizes: true),
        LargeListViewType list => new ListAppender<long>(type, list.ValueDataType, hasSizes: true),
        MapType map => new ListAppender<int>(type, map.Fields[0].DataType, hasSizes: false),
        FixedSizeListType list => new FixedSizeListAppender(type, list),
        StructType fields => new StructAppender(type, fields),
        UnionType union => new UnionAppender(type, union),
        RunEndEncodedType encoded => new RunEndAppender(type, encoded),
        NullType => new NullAppender(type),
        _ => throw new TableException(TableError.Unimplemented, $"rows of a column of Arrow type {type.Name} cannot be copied"),
    };
}
