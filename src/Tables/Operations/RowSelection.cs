using System.Runtime.CompilerServices;

namespace Wharf.Tables.Operations;

/// <summary>An ordered selection of the rows of a table, in two bytes per row: the offsets within each stretch of 65 536 rows.</summary>
internal sealed class RowSelection
{
    private const int StretchBits = 16;

    private readonly ushort[][] _stretches;
    private readonly long[] _before;
    private readonly int _columns;

    /// <summary>Creates a selection.</summary>
    /// <param name="stretches">The offsets of the rows of every stretch, ascending.</param>
    /// <param name="columns">The number of columns that share the selection.</param>
    public RowSelection(ushort[][] stretches, int columns)
    {
        _columns = Math.Max(1, columns);
        _stretches = stretches;
        _before = new long[stretches.Length + 1];
        for (int n = 0; n < stretches.Length; n++)
            _before[n + 1] = _before[n] + stretches[n].Length;
    }

    /// <summary>The number of rows of a stretch.</summary>
    public const int StretchRows = 1 << StretchBits;

    /// <summary>The number of selected rows.</summary>
    public long Count => _before[^1];

    /// <summary>The share of each column in the memory of the selection.</summary>
    public long BytesOfColumn => ((Count * sizeof(ushort)) + (_before.Length * 32L)) / _columns;

    /// <summary>Reads the row indexes of selected rows.</summary>
    /// <param name="start">The position of the first row in the selection.</param>
    /// <param name="rows">The span to which the row indexes are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(long start, Span<long> rows)
    {
        if (rows.IsEmpty)
            return;
        int stretch = Array.BinarySearch(_before, start);
        stretch = stretch < 0 ? ~stretch - 1 : stretch;
        int written = 0;
        while (written < rows.Length)
        {
            ReadOnlySpan<ushort> here = _stretches[stretch].AsSpan((int)(start + written - _before[stretch]));
            here = here[..Math.Min(here.Length, rows.Length - written)];
            long first = (long)stretch << StretchBits;
            foreach (ushort row in here)
                rows[written++] = first + row;
            stretch++;
        }
    }
}
