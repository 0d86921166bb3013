using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>Copies lists, list views and maps, with only the elements of the added rows.</summary>
/// <typeparam name="TOffset">The type of an offset.</typeparam>
/// <param name="type">The type of the array.</param>
/// <param name="element">The type of its elements.</param>
/// <param name="hasSizes">Whether each row has an offset and a size, as in list views.</param>
internal sealed class ListAppender<TOffset>(IArrowType type, IArrowType element, bool hasSizes) : ArrayAppender(type)
    where TOffset : unmanaged, IBinaryInteger<TOffset>
{
    private readonly ArrayAppender _elements = For(element);
    private readonly GatherBuffer _offsets = hasSizes ? new GatherBuffer() : Offsets.Start<TOffset>(), _sizes = new();
    private readonly NullBits _nulls = new();

    public override int Length => _nulls.Length;

    public override long Weight => Math.Max(_elements.Length, _elements.Weight);

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        _nulls.Append(source, rows);
        bool hasNulls = NullBits.MayContainNulls(source);
        ReadOnlySpan<TOffset> offsets = Offsets.Of<TOffset>(source), sizes = hasSizes ? Offsets.Of<TOffset>(source, 2) : [];
        int end = _elements.Length, rangeStart = 0, rangeEnd = 0;
        foreach (int row in rows)
        {
            int start = int.CreateChecked(offsets[row]), size = int.CreateChecked(hasSizes ? sizes[row] : offsets[row + 1] - offsets[row]);
            if (hasNulls && NullBits.IsNull(source.Buffers[0].Span, source.Offset + row))
                size = 0;
            AddRow(end, size);
            end = checked(end + size);

            // The elements of consecutive rows are copied in one range.
            if (size == 0)
                continue;
            if (start != rangeEnd || rangeStart == rangeEnd)
            {
                _elements.AppendRange(source.Children[0], rangeStart, rangeEnd - rangeStart);
                rangeStart = start;
            }

            rangeEnd = start + size;
        }

        _elements.AppendRange(source.Children[0], rangeStart, rangeEnd - rangeStart);
    }

    public override void AppendNulls(int count)
    {
        _nulls.AppendNulls(count);
        for (int n = 0; n < count; n++)
            AddRow(_elements.Length, 0);
    }

    public override ArrayData Finish(List<ColumnBlock> memory)
    {
        ArrowBuffer validity = _nulls.Finish(), offsets = _offsets.Finish(memory);
        ArrowBuffer[] buffers = hasSizes ? [validity, offsets, _sizes.Finish(memory)] : [validity, offsets];
        return new ArrayData(Type, Length, _nulls.Count, 0, buffers, [_elements.Finish(memory)]);
    }

    private void AddRow(int start, int size)
    {
        Write(_offsets, hasSizes ? start : checked(start + size));
        if (hasSizes)
            Write(_sizes, size);
    }

    private static void Write(GatherBuffer buffer, int value) =>
        MemoryMarshal.Cast<byte, TOffset>(buffer.Add(Unsafe.SizeOf<TOffset>()))[0] = TOffset.CreateTruncating(value);
}

/// <summary>Copies fixed-size lists.</summary>
internal sealed class FixedSizeListAppender(IArrowType type, FixedSizeListType layout) : ArrayAppender(type)
{
    private readonly ArrayAppender _elements = For(layout.Fields[0].DataType);
    private readonly NullBits _nulls = new();

    public override int Length => _nulls.Length;

    public override long Weight => Math.Max(_elements.Length, _elements.Weight);

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        _nulls.Append(source, rows);
        foreach (int row in rows)
            _elements.AppendRange(source.Children[0], checked((source.Offset + row) * layout.ListSize), layout.ListSize);
    }

    public override void AppendRange(ArrayData source, int start, int count)
    {
        if (NullBits.MayContainNulls(source))
        {
            base.AppendRange(source, start, count);
            return;
        }

        _nulls.AppendValid(count);
        _elements.AppendRange(source.Children[0], checked((source.Offset + start) * layout.ListSize), checked(count * layout.ListSize));
    }

    public override void AppendNulls(int count)
    {
        _nulls.AppendNulls(count);
        _elements.AppendNulls(checked(count * layout.ListSize));
    }

    public override ArrayData Finish(List<ColumnBlock> memory) =>
        new(Type, Length, _nulls.Count, 0, [_nulls.Finish()], [_elements.Finish(memory)]);
}
