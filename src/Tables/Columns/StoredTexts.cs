using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns.Gathering;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Columns;

/// <summary>A view of stored strings, for functions that need no string objects.</summary>
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

    /// <summary>The offset of each string in the chunk, and the end of the last one.</summary>
    public ReadOnlySpan<int> Offsets { get; }

    /// <summary>The bytes of all strings.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The number of strings: the requested number, or fewer at the end of the chunk.</summary>
    public int Count => Offsets.Length - 1;

    /// <summary>Returns the bytes of a string as in a concatenation: null is <c>null</c>.</summary>
    public ReadOnlySpan<byte> Shown(int n) =>
        Chunk.NullCount != 0 && Chunk.IsNull(_index + n) ? "null"u8 : Bytes[(Offsets[n] - Offsets[0])..(Offsets[n + 1] - Offsets[0])];

    /// <summary>Whether the strings are ASCII, without nulls.</summary>
    public bool IsPlain => _isKnownPlain || (Chunk.NullCount == 0 && Ascii.IsValid(Bytes));

    /// <summary>The array that contains the strings.</summary>
    public StringArray Chunk { get; }

    /// <summary>Returns the column that a node reads if it is stored as strings; null otherwise.</summary>
    public static Column? ColumnOf(Node<string?> node) =>
        node is IColumnNode { Column: { ArrowType: StringType } column } && column is not IConstantColumn ? column : null;

    /// <summary>Returns the strings from a row on.</summary>
    public static StoredTexts At(Column column, long row, long atMost)
    {
        (IArrowArray chunk, int index) = column.Locate(row);
        return new StoredTexts((StringArray)chunk, index, (int)Math.Min(chunk.Length - index, atMost),
            column is ChunkedColumn chunked && chunked.IsPlain(row));
    }
}
