using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>Texts of a column as they are stored, for functions that need not make strings of them.</summary>
internal readonly ref struct StoredTexts
{
    private readonly bool _isKnownPlain;
    private readonly int _index;

    private StoredTexts(StringArray chunk, int index, int count, bool isPlain)
    {
        (Chunk, _index, _isKnownPlain) = (chunk, index, isPlain);
        Offsets = chunk.ValueOffsets.Slice(index, count + 1);
        Bytes = chunk.ValueBuffer.Span[Offsets[0]..Offsets[^1]];
    }

    /// <summary>Where each text begins, counted from the chunk's first byte, and behind them where the last one ends.</summary>
    public ReadOnlySpan<int> Offsets { get; }

    /// <summary>The bytes of all of them.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How many there are: as many as were asked for, or up to the end of the chunk.</summary>
    public int Count => Offsets.Length - 1;

    /// <summary>The bytes of one of them as joining shows it: null is the word.</summary>
    public ReadOnlySpan<byte> Shown(int n) =>
        Chunk.NullCount != 0 && Chunk.IsNull(_index + n) ? "null"u8 : Bytes[(Offsets[n] - Offsets[0])..(Offsets[n + 1] - Offsets[0])];

    /// <summary>Whether none is null and every character is one byte.</summary>
    public bool IsPlain => _isKnownPlain || (Chunk.NullCount == 0 && Ascii.IsValid(Bytes));

    /// <summary>The array that holds them.</summary>
    public StringArray Chunk { get; }

    /// <summary>Whether a node only shows a column of texts that is stored so.</summary>
    public static Column? ColumnOf(Node<string?> node) =>
        node is IColumnNode { Column: { ArrowType: StringType } column } && column is not IConstantColumn ? column : null;

    /// <summary>Texts from a row on.</summary>
    public static StoredTexts At(Column column, long row, long atMost)
    {
        (IArrowArray chunk, int index) = column.Locate(row);
        return new StoredTexts((StringArray)chunk, index, (int)Math.Min(chunk.Length - index, atMost), column is ChunkedColumn chunked && chunked.IsPlain(row));
    }
}
