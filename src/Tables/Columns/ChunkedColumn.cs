using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns.Gathering;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>A column whose values are stored as one or more Arrow arrays.</summary>
internal sealed class ChunkedColumn : Column
{
    private readonly ColumnChunk[] _chunks;
    private readonly long[] _ends;

    /// <summary>Creates a column of arrays whose memory it does not own.</summary>
    public ChunkedColumn(EngineType type, IArrowType arrowType, IEnumerable<IArrowArray> arrays)
        : this(type, arrowType, arrays.Select(static array => new ColumnChunk(array, [])))
    {
    }

    /// <summary>Creates a column of chunks.</summary>
    public ChunkedColumn(EngineType type, IArrowType arrowType, IEnumerable<ColumnChunk> chunks)
        : this(type, arrowType, [.. chunks.Where(static chunk => chunk.Array.Length > 0)])
    {
    }

    private ChunkedColumn(EngineType type, IArrowType arrowType, ColumnChunk[] chunks)
        : base(type, arrowType, chunks.Sum(static chunk => (long)chunk.Array.Length))
    {
        _chunks = chunks;
        _ends = new long[chunks.Length];
        long end = 0;
        for (int n = 0; n < chunks.Length; n++)
            _ends[n] = end += chunks[n].Array.Length;
        MemoryBytes = ColumnBytes.Of(chunks);
        ByteSize = chunks.Sum(static chunk => ArraySize.Of(chunk.Array.Data) ?? ArraySize.Whole(chunk.Array.Data));
    }

    public override long ByteSize { get; }

    public override long MemoryBytes { get; }

    /// <summary>Concatenates columns of one type.</summary>
    /// <param name="parts">At least one column, each created by a sink.</param>
    public static ChunkedColumn Join(IReadOnlyList<Column> parts) =>
        new(parts[0].Type, parts[0].ArrowType, parts.SelectMany(static part => ((ChunkedColumn)part)._chunks));

    public override IArrowArray Read(long start, int count)
    {
        if (count == 0)
            return EmptyArrays.Of(ArrowType);
        (IArrowArray chunk, int index) = Locate(start);
        if (index + count <= chunk.Length)
        {
            if (index == 0 && count == chunk.Length)
                return chunk;
            IArrowArray slice = ArrowArrayFactory.Slice(chunk, index, count);
            return IsSentInPlace(ArrowType) ? slice : RowGather.Concatenate(ArrowType, [slice]);
        }

        var parts = new List<IArrowArray>();
        while (count > 0)
        {
            (chunk, index) = Locate(start);
            int taken = Math.Min(count, chunk.Length - index);
            parts.Add(ArrowArrayFactory.Slice(chunk, index, taken));
            start += taken;
            count -= taken;
        }

        return RowGather.Concatenate(ArrowType, parts);
    }

    public override long Run(long start)
    {
        (IArrowArray chunk, int index) = Locate(start);
        return chunk.Length - index;
    }

    public override (IArrowArray Array, int Index) Locate(long row)
    {
        int n = ChunkOf(row);
        return (_chunks[n].Array, (int)(row - (n == 0 ? 0 : _ends[n - 1])));
    }

    /// <summary>Returns whether the array that contains a row is known to be ASCII.</summary>
    public bool IsPlain(long row) => _chunks[ChunkOf(row)].IsPlain;

    protected override void ReturnMemory()
    {
        foreach (ColumnChunk chunk in _chunks)
            chunk.ReturnMemory();
    }

    // A slice of another type would be sent with the whole array, or with offsets that readers do not expect.
    private static bool IsSentInPlace(IArrowType type) => type switch
    {
        DictionaryType => false,
        FixedWidthType or StringType or BinaryType => true,
        ListType list => IsSentInPlace(list.ValueDataType),
        _ => false,
    };

    private int ChunkOf(long row)
    {
        int n = System.Array.BinarySearch(_ends, row + 1);
        return n < 0 ? ~n : n;
    }
}
