using System.Runtime.CompilerServices;
using System.Text;
using Apache.Arrow;

namespace Wharf.Tables.Columns;

/// <summary>
/// Reads strings. Columns often have few distinct values, so short strings are cached: a repeated value is neither decoded nor allocated
/// again.
/// </summary>
internal sealed class TextReader(Column column) : ColumnReader<string?>
{
    private const int Kept = 256;

    private readonly Entry[] _kept = new Entry[Kept];
    private StringArray? _chunk;
    private long _chunkStart;

    public override ReadOnlySpan<string?> Read(long start, int count, ref string?[] scratch)
    {
        if (scratch.Length < count)
            scratch = new string?[count];
        for (int done = 0; done < count;)
        {
            Find(start + done);
            int at = (int)(start + done - _chunkStart), taken = Math.Min(count - done, _chunk!.Length - at);
            Decode(_chunk, at, scratch.AsSpan(done, taken));
            done += taken;
        }

        return scratch.AsSpan(0, count);
    }

    public override string? Get(long row)
    {
        string? text = null;
        Find(row);
        Decode(_chunk!, (int)(row - _chunkStart), new Span<string?>(ref text));
        return text;
    }

    private void Find(long row)
    {
        if (_chunk is not null && row >= _chunkStart && row < _chunkStart + _chunk.Length)
            return;
        (IArrowArray chunk, int index) = column.Locate(row);
        (_chunk, _chunkStart) = ((StringArray)chunk, row - index);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decode(StringArray chunk, int start, Span<string?> target)
    {
        ReadOnlySpan<int> offsets = chunk.ValueOffsets.Slice(start, target.Length + 1);
        ReadOnlySpan<byte> bytes = chunk.ValueBuffer.Span;
        bool hasNulls = chunk.NullCount != 0;
        for (int n = 0; n < target.Length; n++)
        {
            if (hasNulls && chunk.IsNull(start + n))
                target[n] = null;
            else
                target[n] = Text(bytes[offsets[n]..offsets[n + 1]]);
        }
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "";
        if (bytes.Length > sizeof(ulong))
            return Encoding.UTF8.GetString(bytes);

        // Short strings are compared by their bytes as one integer, and by their lengths, because of leading zeros.
        ulong key = 0;
        foreach (byte part in bytes)
            key = (key << 8) | part;
        ref Entry entry = ref _kept[((key * 0x9E3779B97F4A7C15UL) >> 56) & (Kept - 1)];
        if (entry.Text is null || entry.Key != key || entry.Length != bytes.Length)
            entry = new Entry(key, bytes.Length, Encoding.UTF8.GetString(bytes));
        return entry.Text!;
    }

    private readonly record struct Entry(ulong Key, int Length, string? Text);
}
