using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>Makes a column of some rows of another.</summary>
internal static class Gather
{
    public static Column Rows(Column column, long[] rows, CancellationToken cancellationToken) =>
        column is IConstantColumn constant ? constant.WithLength(rows.Length) : column.Type.Dispatch(new Pick(column, rows, cancellationToken));

    /// <summary>Makes a column of selected rows, in the engine's own Arrow type.</summary>
    public static Column Selected(Column column, RowSelection selection) => column.Type.Dispatch(new PickSelected(column, selection));

    /// <summary>Makes a column of selected rows of a type that the engine does not compute in: as it is stored, stretch by stretch.</summary>
    /// <exception cref="TableException">Arrow cannot do it either.</exception>
    public static Column Stored(Column column, RowSelection selection)
    {
        var rows = new long[selection.Count];
        selection.Read(0, rows);
        var parts = new List<IArrowArray>();
        for (int start = 0; start < rows.Length;)
        {
            int end = start + 1;
            long run = column.Run(rows[start]);
            while (end < rows.Length && rows[end] == rows[end - 1] + 1 && end - start < run)
                end++;
            parts.Add(column.Read(rows[start], end - start));
            start = end;
        }

        try
        {
            return new ChunkedColumn(column.Type, column.ArrowType, parts.Count == 0 ? [] : [ArrowArrayConcatenator.Concatenate(parts)]);
        }
        catch (Exception wrong) when (wrong is NotSupportedException or NotImplementedException)
        {
            throw new TableException(TableError.Unimplemented, $"rows of a column of type {column.Type.ClassName} stored as {column.ArrowType.Name} cannot be selected", wrong);
        }
    }

    private readonly struct PickSelected(Column column, RowSelection selection) : IClrDispatch<Column>
    {
        public Column Invoke<T>()
        {
            (Column source, RowSelection selected) = (column, selection);
            if (selected.Count == 0)
                return ColumnSink<T>.For(source.Type, 0).Finish();
            return ChunkedColumn.Join(RowRanges.Compute(
                selected.Count,
                ColumnReader<T>.For(source),
                () => ColumnReader<T>.For(source),
                (reader, start, count) =>
                {
                    ColumnSink<T> sink = ColumnSink<T>.For(source.Type, count);
                    Span<long> rows = stackalloc long[1024];
                    for (int done = 0; done < count; done += rows.Length)
                    {
                        Span<long> block = rows[..Math.Min(rows.Length, count - done)];
                        selected.Read(start + done, block);
                        Span<T> target = sink.Reserve(block.Length);
                        for (int n = 0; n < block.Length; n++)
                            target[n] = reader.Get(block[n]);
                        sink.Commit(block.Length);
                    }

                    return sink.Finish();
                },
                CancellationToken.None));
        }
    }

    /// <summary>Writes a column out in the engine's own Arrow type.</summary>
    public static Column All(Column column) => column.Type.Dispatch(new Copy(column));

    private readonly struct Copy(Column column) : IClrDispatch<Column>
    {
        public Column Invoke<T>()
        {
            ColumnReader<T> reader = ColumnReader<T>.For(column);
            ColumnSink<T> sink = ColumnSink<T>.For(column.Type, column.Length);
            T[] scratch = [];
            for (long start = 0; start < column.Length; start += Frame.BlockRows)
                sink.Append(reader.Read(start, (int)Math.Min(Frame.BlockRows, column.Length - start), ref scratch));
            return sink.Finish();
        }
    }

    private readonly struct Pick(Column column, long[] rows, CancellationToken cancellationToken) : IClrDispatch<Column>
    {
        public Column Invoke<T>()
        {
            ColumnReader<T> reader = ColumnReader<T>.For(column);
            ColumnSink<T> sink = ColumnSink<T>.For(column.Type, rows.Length);
            for (int start = 0; start < rows.Length; start += Frame.BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = Math.Min(Frame.BlockRows, rows.Length - start);
                Span<T> target = sink.Reserve(count);
                for (int n = 0; n < count; n++)
                    target[n] = reader.Get(rows[start + n]);
                sink.Commit(count);
            }

            return sink.Finish();
        }
    }
}
