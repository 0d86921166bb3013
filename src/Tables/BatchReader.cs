using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>Splits a table into record batches.</summary>
internal static class BatchReader
{
    private const int FirstRows = 4096;
    private const int LargestRows = 1 << 20;

    // Far below the 100 MiB that clients accept, and large enough that the cost per message is negligible.
    private const long WantedBytes = 8 << 20;

    public static IEnumerable<RecordBatch> Read(ArrowTable table, int maxRows, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        if (table.Columns.Count == 0)
            return Empty(table, maxRows, cancellationToken);
        return Slice(table, maxRows, cancellationToken);
    }

    private static IEnumerable<RecordBatch> Slice(ArrowTable table, int maxRows, CancellationToken cancellationToken)
    {
        int wanted = FirstRows;
        bool canJoin = table.Columns.All(static column => CanJoin(column.Value.ArrowType));
        for (long start = 0; start < table.RowCount;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(Math.Min(wanted, maxRows), table.RowCount - start);

            // End at the end of a stored array to avoid a copy, unless the batch would be too small.
            long run = table.Columns.Min(column => column.Value.Run(start));
            if (run >= FirstRows / 4 || !canJoin)
                count = (int)Math.Min(count, run);
            IArrowArray[] arrays = ReadColumns(table, start, count);

            // The size of rows varies: reduce a batch that is too large, and grow if it was small.
            long bytes = Size(table, arrays);
            if (bytes < WantedBytes / 2)
                wanted = Math.Min(wanted * 2, LargestRows);
            while (bytes > WantedBytes && count > 1)
            {
                count = (int)Math.Max(1, Math.Min(count / 2, (long)(count * (WantedBytes / (double)bytes))));
                arrays = ReadColumns(table, start, count);
                bytes = Size(table, arrays);
                wanted = Math.Max(count, 1);
            }

            yield return new RecordBatch(table.Schema, arrays, count);
            start += count;
        }
    }

    /// <summary>Returns whether arrays of a type can be concatenated. Arrow does not support it for lists of the null type.</summary>
    private static bool CanJoin(IArrowType type) =>
        type is not NestedType nested || nested.Fields.All(static field => field.DataType is not NullType && CanJoin(field.DataType));

    /// <summary>Returns the batches of a table without columns, which still has rows.</summary>
    private static IEnumerable<RecordBatch> Empty(ArrowTable table, int maxRows, CancellationToken cancellationToken)
    {
        for (long left = table.RowCount; left > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(maxRows, left);
            yield return new RecordBatch(table.Schema, [], count);
            left -= count;
        }
    }

    private static long Size(ArrowTable table, IArrowArray[] arrays)
    {
        long bytes = 0;
        for (int n = 0; n < arrays.Length; n++)
            bytes += table.Columns[n].Value.SizeOf(arrays[n]);
        return bytes;
    }

    private static IArrowArray[] ReadColumns(ArrowTable table, long start, int count)
    {
        var arrays = new IArrowArray[table.Columns.Count];
        for (int n = 0; n < arrays.Length; n++)
            arrays[n] = table.Columns[n].Value.Read(start, count);
        return arrays;
    }
}
