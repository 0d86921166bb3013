using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>
/// Copies the indices of dictionary-encoded values. A dictionary that all rows share is not copied; different dictionaries are
/// concatenated.
/// </summary>
internal sealed class DictionaryAppender(IArrowType type, DictionaryType layout) : ArrayAppender(type)
{
    private readonly List<(ArrayData Values, long First)> _dictionaries = [];
    private readonly List<long> _indices = [];
    private readonly NullBits _nulls = new();

    public override int Length => _nulls.Length;

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        _nulls.Append(source, rows);
        bool hasNulls = NullBits.MayContainNulls(source);
        long first = FindOffset(source.Dictionary);
        foreach (int row in rows)
        {
            bool isNull = hasNulls && NullBits.IsNull(source.Buffers[0].Span, source.Offset + row);
            _indices.Add(isNull ? 0 : first + IndexAt(source, layout.IndexType, row));
        }
    }

    public override void AppendNulls(int count)
    {
        _nulls.AppendNulls(count);
        CollectionsMarshal.SetCount(_indices, _indices.Count + count);
        CollectionsMarshal.AsSpan(_indices)[^count..].Clear();
    }

    public override ArrayData Finish(List<ColumnBlock> memory)
    {
        int width = ((FixedWidthType)layout.IndexType).BitWidth / 8;
        byte[] indices = new byte[_indices.Count * width];
        Span<byte> index = stackalloc byte[sizeof(long)];
        long most = width == sizeof(long)
            ? long.MaxValue
            : (1L << ((width * 8) - (layout.IndexType is UInt8Type or UInt16Type or UInt32Type ? 0 : 1))) - 1;
        for (int n = 0; n < _indices.Count; n++)
        {
            if (_indices[n] > most)
            {
                throw new TableException(
                    TableError.InvalidArgument,
                    $"the dictionaries of a column have more values in total than indices of type {layout.IndexType.Name} can represent");
            }

            BinaryPrimitives.WriteInt64LittleEndian(index, _indices[n]);
            index[..width].CopyTo(indices.AsSpan(n * width));
        }

        return new ArrayData(Type, Length, _nulls.Count, 0, [_nulls.Finish(), new ArrowBuffer(indices)], null, Values());
    }

    /// <summary>Returns the index of a row that is not null.</summary>
    public static long IndexAt(ArrayData source, IArrowType indexType, int row)
    {
        ReadOnlySpan<byte> indices = source.Buffers[1].Span;
        row += source.Offset;
        return indexType switch
        {
            Int8Type => (sbyte)indices[row],
            UInt8Type => indices[row],
            Int16Type => MemoryMarshal.Cast<byte, short>(indices)[row],
            UInt16Type => MemoryMarshal.Cast<byte, ushort>(indices)[row],
            Int32Type => MemoryMarshal.Cast<byte, int>(indices)[row],
            UInt32Type => MemoryMarshal.Cast<byte, uint>(indices)[row],
            _ => MemoryMarshal.Cast<byte, long>(indices)[row],
        };
    }

    private long FindOffset(ArrayData dictionary)
    {
        foreach ((ArrayData values, long first) in _dictionaries)
        {
            if (ReferenceEquals(values, dictionary))
                return first;
        }

        long next = _dictionaries.Count == 0 ? 0 : _dictionaries[^1].First + _dictionaries[^1].Values.Length;
        _dictionaries.Add((dictionary, next));
        return next;
    }

    private ArrayData Values()
    {
        if (_dictionaries.Count == 1)
            return _dictionaries[0].Values;
        ArrayAppender values = For(layout.ValueType);
        foreach ((ArrayData dictionary, _) in _dictionaries)
            values.AppendRange(dictionary, 0, dictionary.Length);

        // Later copies share the dictionary and may outlive this one, so the garbage collector releases its memory.
        return values.Finish([]);
    }
}

/// <summary>Copies run-end encoded values. A row of the same run as the previous row extends that run.</summary>
internal sealed class RunEndAppender(IArrowType type, RunEndEncodedType layout) : ArrayAppender(type)
{
    private readonly ArrayAppender _values = For(layout.ValuesDataType);
    private readonly List<long> _ends = [];
    private (ArrayData? Source, int Run) _last;
    private int _length;

    public override int Length => _length;

    public override long Weight => _values.Weight;

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            int run = Find(source.Children[0], source.Offset + row);
            if (_last != (source, run))
            {
                _values.Append(source.Children[1], [run]);
                _ends.Add(_length);
            }

            _last = (source, run);
            _ends[^1] = ++_length;
        }
    }

    public override void AppendNulls(int count)
    {
        _values.AppendNulls(1);
        _ends.Add(_length += count);
        _last = default;
    }

    public override ArrayData Finish(List<ColumnBlock> memory)
    {
        int width = ((FixedWidthType)layout.RunEndsDataType).BitWidth / 8;
        if (width == sizeof(short) && _length > short.MaxValue)
            throw new TableException(TableError.InvalidArgument, $"{_length} rows exceed the range of 16-bit run ends");
        byte[] ends = new byte[_ends.Count * width];
        Span<byte> end = stackalloc byte[sizeof(long)];
        for (int n = 0; n < _ends.Count; n++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(end, _ends[n]);
            end[..width].CopyTo(ends.AsSpan(n * width));
        }

        var runEnds = new ArrayData(layout.RunEndsDataType, _ends.Count, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(ends)]);
        return new ArrayData(Type, _length, 0, 0, System.Array.Empty<ArrowBuffer>(), [runEnds, _values.Finish(memory)]);
    }

    private static int Find(ArrayData ends, int row)
    {
        int low = 0, high = ends.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (DictionaryAppender.IndexAt(ends, ends.DataType, middle) > row)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
