using System.Runtime.CompilerServices;

namespace Wharf.Tables;

/// <summary>Some rows of a table in their order, two bytes each: every stretch of 65 536 rows lists where in it they are.</summary>
internal sealed class RowSelection
{
    private const int StretchBits = 16;

    private readonly ushort[][] _stretches;
    private readonly long[] _before;
    private readonly int _columns;

    /// <summary>Makes a selection.</summary>
    /// <param name="stretches">The rows of every stretch, ascending.</param>
    /// <param name="columns">How many columns share it.</param>
    public RowSelection(ushort[][] stretches, int columns)
    {
        _columns = Math.Max(1, columns);
        _stretches = stretches;
        _before = new long[stretches.Length + 1];
        for (int n = 0; n < stretches.Length; n++)
            _before[n + 1] = _before[n] + stretches[n].Length;
    }

    /// <summary>How many rows a stretch has.</summary>
    public const int StretchRows = 1 << StretchBits;

    /// <summary>How many rows are selected.</summary>
    public long Count => _before[^1];

    /// <summary>The share of each column in the memory of the list.</summary>
    public long BytesOfColumn => ((Count * sizeof(ushort)) + (_before.Length * 32L)) / _columns;

    /// <summary>The source's numbers of selected rows.</summary>
    /// <param name="start">The first of them, counted among the selected.</param>
    /// <param name="rows">Where they are written.</param>
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
