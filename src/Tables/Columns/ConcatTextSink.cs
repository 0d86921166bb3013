using System.Runtime.CompilerServices;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Collects strings that are written as bytes.</summary>
internal sealed class ConcatTextSink(long rows) : VariableWidthSink<string?>(EngineType.String, rows)
{
    // The maximum number of bytes that are reserved at once; longer strings are written in smaller blocks.
    private const int MostAtOnce = 1 << 22;

    private readonly int[] _places = new int[Math.Min(rows, Frame.BlockRows)];

    /// <summary>Writes rows, each of which concatenates its parts.</summary>
    public void Write(List<TextPart> parts, in Frame frame)
    {
        int count = Math.Min(frame.Count, RowsLeft);
        Span<int> ends = Ends(count, out int start);
        ends.Clear();
        foreach (TextPart part in parts)
            part.AddLengths(new Frame(frame.Start, count), ends);
        long total = Sum(ends, start);
        if (total > MostAtOnce && count > 1)
        {
            count /= 2;
            Write(parts, new Frame(frame.Start, count));
        }
        else
        {
            TextBudget.CheckLength(total / count);
            Span<byte> room = Room(total);
            Span<int> places = _places.AsSpan(0, count);
            foreach (TextPart part in parts)
            {
                part.Write(places, room);
                IsPlain &= part.IsPlain;
            }

            EndValues(count);
        }

        if (count < frame.Count)
            Write(parts, new Frame(frame.Start + count, frame.Count - count));
    }

    /// <summary>Converts lengths to end offsets, and records the start of each row relative to the first one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Sum(Span<int> lengths, int start)
    {
        Span<int> places = _places.AsSpan(0, lengths.Length);
        long total = 0;
        for (int n = 0; n < lengths.Length; n++)
        {
            int length = lengths[n];
            places[n] = (int)total;
            total += length;
            lengths[n] = start + (int)total;
        }

        return total;
    }
}
