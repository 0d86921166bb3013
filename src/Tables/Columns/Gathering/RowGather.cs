using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Operations;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>
/// Copies rows of a column to a new column of the same Arrow type, for operations that select or order rows. Values are not converted to
/// the types in which the engine computes.
/// </summary>
internal sealed class RowGather
{
    private const int ChunkRows = 1 << 20, BlockRows = 1024;

    // Far below the limit of 32-bit offsets, which also keeps batches small.
    private const long ChunkWeight = 64 << 20;

    private readonly Column _source;
    private readonly List<ColumnChunk> _chunks = [];
    private readonly int[] _places;
    private readonly DecimalScales? _scales;
    private ArrayAppender _rows;
    private IArrowArray? _array;
    private long _start, _left;

    /// <summary>Starts a column.</summary>
    /// <param name="source">The column whose rows are added.</param>
    /// <param name="rows">The number of rows that will be added.</param>
    public RowGather(Column source, long rows)
    {
        (_source, _left) = (source, rows);

        // Large rows are added in small blocks, so that a chunk does not grow too large.
        long rowBytes = source.Length == 0 ? 0 : source.ByteSize / source.Length;
        _places = new int[Math.Clamp(ChunkWeight / 4 / Math.Max(1, rowBytes), 1, BlockRows)];
        _scales = DecimalScales.For(source);
        _rows = Start();
    }

    /// <summary>Copies rows of a column.</summary>
    /// <param name="source">The column.</param>
    /// <param name="rows">The rows in any order; -1 adds a null.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public static Column Rows(Column source, long[] rows, CancellationToken cancellationToken)
    {
        if (source is IConstantColumn constant && !rows.AsSpan().Contains(-1))
            return constant.WithLength(rows.Length);
        var gather = new RowGather(source, rows.Length);
        for (int start = 0; start < rows.Length; start += Frame.BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            gather.Append(rows.AsSpan(start, Math.Min(Frame.BlockRows, rows.Length - start)));
        }

        return gather.Finish();
    }

    /// <summary>Copies selected rows of a column in parallel.</summary>
    public static Column Select(Column source, RowSelection selection)
    {
        if (selection.Count == 0)
            return new RowGather(source, 0).Finish();
        return ChunkedColumn.Join(RowRanges.Compute(
            selection.Count,
            0,
            static () => 0,
            (_, start, count) =>
            {
                var gather = new RowGather(source, count);
                Span<long> rows = stackalloc long[BlockRows];
                for (int done = 0; done < count; done += rows.Length)
                {
                    rows = rows[..Math.Min(rows.Length, count - done)];
                    selection.Read(start + done, rows);
                    gather.Append(rows);
                }

                return gather.Finish();
            },
            CancellationToken.None));
    }

    /// <summary>Concatenates arrays.</summary>
    /// <param name="type">The type of the arrays.</param>
    /// <param name="arrays">The arrays.</param>
    public static IArrowArray Concatenate(IArrowType type, IEnumerable<IArrowArray> arrays)
    {
        var rows = ArrayAppender.For(type);
        foreach (IArrowArray array in arrays)
            rows.AppendRange(array.Data, 0, array.Length);
        return ArrowArrayFactory.BuildArray(rows.Finish([]));
    }

    /// <summary>Adds rows of the source; -1 adds a null.</summary>
    public void Append(ReadOnlySpan<long> rows)
    {
        while (!rows.IsEmpty)
        {
            int added = rows[0] < 0 ? AppendNulls(rows) : AppendRows(rows);
            rows = rows[added..];
            _left -= added;
            if (_rows.Length >= ChunkRows || _rows.Weight >= ChunkWeight)
                FlushChunk();
        }
    }

    /// <summary>Returns the column of all added rows.</summary>
    public Column Finish()
    {
        if (_rows.Length > 0)
            FlushChunk();
        return new ChunkedColumn(_source.Type, _source.ArrowType, _chunks);
    }

    private int AppendNulls(ReadOnlySpan<long> rows)
    {
        int added = 1;
        while (added < rows.Length && added < _places.Length && rows[added] < 0)
            added++;
        _rows.AppendNulls(added);
        _scales?.AppendNulls(added);
        return added;
    }

    private int AppendRows(ReadOnlySpan<long> rows)
    {
        if (_array is null || (ulong)(rows[0] - _start) >= (ulong)_array.Length)
        {
            (_array, int index) = _source.Locate(rows[0]);
            _start = rows[0] - index;
        }

        int added = 0, most = Math.Min(_places.Length, rows.Length);
        ulong length = (ulong)_array.Length;
        for (; added < most && (ulong)(rows[added] - _start) < length; added++)
            _places[added] = (int)(rows[added] - _start);
        _rows.Append(_array.Data, _places.AsSpan(0, added));
        _scales?.Append(_array, _places.AsSpan(0, added));
        return added;
    }

    private ArrayAppender Start()
    {
        var rows = ArrayAppender.For(_source.ArrowType);
        rows.Reserve((int)Math.Min(_left, ChunkRows));
        return rows;
    }

    private void FlushChunk()
    {
        var memory = new List<ColumnBlock>();
        ArrayData data = _rows.Finish(memory);
        bool isPlain = data.DataType is StringType && data.NullCount == 0 && Ascii.IsValid(data.Buffers[2].Span);
        IArrowArray array = ArrowArrayFactory.BuildArray(data);
        _chunks.Add(new ColumnChunk(_scales?.Cut(array) ?? array, memory, isPlain));
        _rows = Start();
    }
}
