using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns.Gathering;

namespace Wharf.Tables.Uploads;

/// <summary>
/// Decodes dictionary-encoded and run-end encoded arrays, at every depth. Each batch can have its own dictionary,
/// but a stream of this server has one dictionary per column.
/// </summary>
internal sealed class PlainArrays
{
    private readonly DecodedRows _rows = new();

    /// <summary>Returns a type without encodings; the same object if it has none.</summary>
    public static IArrowType TypeOf(IArrowType type)
    {
        switch (type)
        {
            case DictionaryType dictionary:
                return TypeOf(dictionary.ValueType);
            case RunEndEncodedType runs:
                return TypeOf(runs.ValuesDataType);
            case NestedType nested when nested.Fields.Any(static field => !ReferenceEquals(TypeOf(field.DataType), field.DataType)):
                Field[] fields = [.. nested.Fields.Select(
                    static field => new Field(field.Name, TypeOf(field.DataType), field.IsNullable, field.Metadata))];
                return nested switch
                {
                    ListType => new ListType(fields[0]),
                    LargeListType => new LargeListType(fields[0]),
                    ListViewType => new ListViewType(fields[0]),
                    LargeListViewType => new LargeListViewType(fields[0]),
                    FixedSizeListType list => new FixedSizeListType(fields[0], list.ListSize),
                    MapType map => new MapType(fields[0], map.KeySorted),
                    StructType => new StructType(fields),
                    UnionType union => new UnionType(fields, union.TypeIds, union.Mode),
                    _ => throw Invalid($"holds encoded values inside of {nested.Name}"),
                };
            default:
                return type;
        }
    }

    /// <summary>Returns an array without encodings; the same object if it has none.</summary>
    /// <exception cref="TableException">An index or a run is out of range, or the values take too much memory.</exception>
    public ArrayData Of(ArrayData data)
    {
        switch (data.DataType)
        {
            case DictionaryType dictionary when data.Dictionary is not null:
                ArrayData values = Of(data.Dictionary);
                return _rows.Copy(values, Indices(data, dictionary.IndexType, values.Length));
            case RunEndEncodedType:
                return _rows.Copy(Of(data.Children[1]), RunIndices(data));
            case NestedType when TypeOf(data.DataType) is var plain && !ReferenceEquals(plain, data.DataType):
                return new ArrayData(plain, data.Length, data.NullCount, data.Offset, data.Buffers, [.. data.Children.Select(Of)]);
            default:
                return data;
        }
    }

    private static int[] Indices(ArrayData data, IArrowType type, int values)
    {
        bool hasNulls = NullBits.MayContainNulls(data);
        int[] rows = new int[data.Length];
        for (int n = 0; n < rows.Length; n++)
        {
            if (hasNulls && NullBits.IsNull(data.Buffers[0].Span, data.Offset + n))
            {
                rows[n] = DecodedRows.Null;
                continue;
            }

            long index = DictionaryAppender.IndexAt(data, type, n);
            if (index < 0 || index >= values)
                throw Invalid($"has the dictionary index {index}, its dictionary has {values} values");
            rows[n] = (int)index;
        }

        return rows;
    }

    private int[] RunIndices(ArrayData data)
    {
        _rows.Spend((long)data.Length * sizeof(int));
        return data.Children[0].DataType.TypeId switch
        {
            ArrowTypeId.Int16 => RunIndices<short>(data),
            ArrowTypeId.Int32 => RunIndices<int>(data),
            _ => RunIndices<long>(data),
        };
    }

    private static int[] RunIndices<T>(ArrayData data)
        where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> ends = MemoryMarshal.Cast<byte, T>(data.Children[0].Buffers[1].Span)
            .Slice(data.Children[0].Offset, data.Children[0].Length);
        int[] rows = new int[data.Length];
        int run = 0;
        for (int n = 0; n < rows.Length; n++)
        {
            while (run < ends.Length && long.CreateTruncating(ends[run]) <= (long)data.Offset + n)
                run++;
            rows[n] = run < ends.Length && run < data.Children[1].Length ? run : throw Invalid("has runs that end before its rows");
        }

        return rows;
    }

    private static TableException Invalid(string problem) => new(TableError.InvalidArgument, "a column " + problem);
}
