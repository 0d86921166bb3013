using Apache.Arrow;

namespace Wharf.Tables.Columns;

/// <summary>Counts the memory of the chunks of a column.</summary>
internal static class ColumnBytes
{
    // The memory of the objects of an array besides its buffers.
    private const int ArrayOverhead = 512;

    /// <summary>Returns the bytes of the chunks. A dictionary shared by several arrays counts once.</summary>
    public static long Of(IReadOnlyList<ColumnChunk> chunks)
    {
        long bytes = 0;
        HashSet<ArrayData>? dictionaries = null;
        foreach (ColumnChunk chunk in chunks)
        {
            long owned = 0;
            foreach (ColumnBlock block in chunk.Memory)
                owned += block.Size;
            ArrayData data = chunk.Array.Data;
            bytes += ArrayOverhead + Math.Max(owned, Buffers(data, ref dictionaries));
        }

        return bytes;
    }

    private static long Buffers(ArrayData data, ref HashSet<ArrayData>? dictionaries)
    {
        long bytes = 0;
        foreach (ArrowBuffer buffer in data.Buffers)
            bytes += buffer.Length;
        foreach (ArrayData child in data.Children ?? [])
            bytes += Buffers(child, ref dictionaries);
        if (data.Dictionary is { } dictionary && (dictionaries ??= []).Add(dictionary))
            bytes += Buffers(dictionary, ref dictionaries);
        return bytes;
    }
}
