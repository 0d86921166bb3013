using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns;
using Wharf.Tables.Columns.Gathering;

namespace Wharf.Tables.Uploads;

/// <summary>
/// Copies rows of the values of an encoded array. Memory is counted before it is allocated, because a few bytes of a dictionary or of runs
/// can expand to any number of rows.
/// </summary>
internal sealed class DecodedRows
{
    /// <summary>The row number of a null.</summary>
    public const int Null = -1;

    private const int BlockRows = 1024;
    private const long BlockBytes = 64 << 20;
    private const int LargestView = 16;

    private readonly long _most = Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
    private long _spent;

    /// <summary>Counts memory.</summary>
    /// <exception cref="TableException">The total exceeds a quarter of the available memory.</exception>
    public void Spend(long bytes)
    {
        _spent += bytes;
        if (_spent > _most)
            throw new TableException(
                TableError.ResourceExhausted,
                $"its dictionaries and runs take more than {_most} bytes as plain values, which exceeds the memory of this server");
    }

    /// <summary>Copies rows.</summary>
    /// <param name="values">The values.</param>
    /// <param name="rows">The rows; <see cref="Null"/> adds a null.</param>
    /// <exception cref="TableException">The rows take too much memory.</exception>
    public ArrayData Copy(ArrayData values, ReadOnlySpan<int> rows)
    {
        long rowBytes = BytesPerElement(values.DataType);
        Spend(rows.Length * rowBytes);
        var copy = ArrayAppender.For(values.DataType);

        // The total size is an upper bound of the size of each value.
        int blockRows = (int)Math.Clamp(BlockBytes / Math.Max(1, Bytes(values)), 1, BlockRows);
        for (int start = 0, end; start < rows.Length; start = end)
        {
            bool isNull = rows[start] == Null;
            for (end = start + 1; end < rows.Length && end - start < blockRows && rows[end] == Null == isNull; end++)
            {
            }

            long weight = copy.Weight;
            if (isNull)
                copy.AppendNulls(end - start);
            else
                copy.Append(values, rows[start..end]);
            Spend((copy.Weight - weight) * rowBytes);
            if (copy.Weight > int.MaxValue)
                throw new TableException(
                    TableError.InvalidArgument,
                    $"its dictionaries and runs have more than {int.MaxValue} bytes or elements as plain values; send smaller batches");
        }

        return copy.Finish([]);
    }

    private static long Bytes(ArrayData data) => data.Buffers.Sum(static buffer => (long)buffer.Length) + (data.Children?.Sum(Bytes) ?? 0);

    /// <summary>Returns an upper bound of the memory per row, element or byte of a type, including nested types.</summary>
    private static long BytesPerElement(IArrowType type) => type switch
    {
        ExtensionType extension => BytesPerElement(extension.StorageType),
        FixedSizeListType list => list.ListSize * BytesPerElement(list.ValueDataType) + 1,
        NestedType nested => nested.Fields.Sum(static field => BytesPerElement(field.DataType)) + LargestView,
        FixedWidthType fixedWidth => Math.Max(1, fixedWidth.BitWidth / 8),
        _ => LargestView,
    };
}
