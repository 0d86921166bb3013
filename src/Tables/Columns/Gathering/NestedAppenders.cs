using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>Copies structs.</summary>
internal sealed class StructAppender(IArrowType type, StructType layout) : ArrayAppender(type)
{
    private readonly ArrayAppender[] _fields = [.. layout.Fields.Select(static field => For(field.DataType))];
    private readonly NullBits _nulls = new();

    public override int Length => _nulls.Length;

    public override long Weight => _fields.Length == 0 ? 0 : _fields.Max(static part => part.Weight);

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        _nulls.Append(source, rows);
        int[] fieldRows = Shifted(rows, source.Offset);
        for (int n = 0; n < _fields.Length; n++)
            _fields[n].Append(source.Children[n], fieldRows);
    }

    public override void AppendRange(ArrayData source, int start, int count)
    {
        if (NullBits.MayContainNulls(source))
        {
            base.AppendRange(source, start, count);
            return;
        }

        _nulls.AppendValid(count);
        for (int n = 0; n < _fields.Length; n++)
            _fields[n].AppendRange(source.Children[n], source.Offset + start, count);
    }

    public override void AppendNulls(int count)
    {
        _nulls.AppendNulls(count);
        foreach (ArrayAppender field in _fields)
            field.AppendNulls(count);
    }

    public override ArrayData Finish(List<ColumnBlock> memory) =>
        new(Type, Length, _nulls.Count, 0, [_nulls.Finish()], [.. _fields.Select(field => field.Finish(memory))]);

    /// <summary>Returns the rows of a child for rows of its parent.</summary>
    public static int[] Shifted(ReadOnlySpan<int> rows, int offset)
    {
        int[] shifted = rows.ToArray();
        for (int n = 0; offset != 0 && n < shifted.Length; n++)
            shifted[n] += offset;
        return shifted;
    }
}

/// <summary>Copies unions: a row of the child with the row's type id, or of every child in a sparse union.</summary>
internal sealed class UnionAppender(IArrowType type, UnionType layout) : ArrayAppender(type)
{
    private readonly ArrayAppender[] _children = [.. layout.Fields.Select(static field => For(field.DataType))];
    private readonly bool _isDense = layout.Mode == UnionMode.Dense;
    private readonly int[] _childOf = ChildOf(layout);
    private readonly GatherBuffer _ids = new(), _offsets = new();

    public override int Length => _ids.Used;

    public override long Weight => _children.Max(static child => Math.Max(child.Length, child.Weight));

    public override void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        ReadOnlySpan<byte> ids = source.Buffers[0].Span[source.Offset..];
        Span<byte> target = _ids.Add(rows.Length);
        for (int n = 0; n < rows.Length; n++)
            target[n] = ids[rows[n]];
        if (_isDense)
        {
            AppendDense(source, rows, target);
            return;
        }

        int[] childRows = StructAppender.Shifted(rows, source.Offset);
        for (int n = 0; n < _children.Length; n++)
            _children[n].Append(source.Children[n], childRows);
    }

    public override void AppendNulls(int count)
    {
        _ids.Add(count).Fill((byte)layout.TypeIds[0]);
        if (_isDense)
        {
            Span<int> offsets = MemoryMarshal.Cast<byte, int>(_offsets.Add((long)count * sizeof(int)));
            for (int n = 0; n < count; n++)
                offsets[n] = _children[0].Length + n;
        }

        foreach (ArrayAppender child in _isDense ? _children.AsSpan(0, 1) : _children)
            child.AppendNulls(count);
    }

    public override ArrayData Finish(List<ColumnBlock> memory)
    {
        int length = Length;
        ArrowBuffer[] buffers = _isDense ? [_ids.Finish(memory), _offsets.Finish(memory)] : [_ids.Finish(memory)];
        return new ArrayData(Type, length, 0, 0, buffers, [.. _children.Select(child => child.Finish(memory))]);
    }

    private void AppendDense(ArrayData source, ReadOnlySpan<int> rows, ReadOnlySpan<byte> ids)
    {
        ReadOnlySpan<int> places = Offsets.Of<int>(source);
        Span<int> offsets = MemoryMarshal.Cast<byte, int>(_offsets.Add((long)rows.Length * sizeof(int)));
        int[] childRows = new int[rows.Length];
        for (int child = 0; child < _children.Length; child++)
        {
            int found = 0;
            for (int n = 0; n < rows.Length; n++)
            {
                if (_childOf[ids[n]] != child)
                    continue;
                offsets[n] = _children[child].Length + found;
                childRows[found++] = places[rows[n]];
            }

            if (found > 0)
                _children[child].Append(source.Children[child], childRows.AsSpan(0, found));
        }
    }

    private static int[] ChildOf(UnionType layout)
    {
        int[] children = new int[256];
        children.AsSpan().Fill(-1);
        int child = 0;
        foreach (int id in layout.TypeIds)
            children[id] = child++;
        return children;
    }
}
