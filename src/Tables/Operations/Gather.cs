namespace Wharf.Tables;

/// <summary>Makes a column of some rows of another.</summary>
internal static class Gather
{
    public static Column Rows(Column column, long[] rows, CancellationToken cancellationToken) =>
        column is IConstantColumn constant ? constant.WithLength(rows.Length) : column.Type.Dispatch(new Pick(column, rows, cancellationToken));

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
