using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Operations;

/// <summary>Converts blocks of Booleans to lists of rows.</summary>
internal static class SelectionVector
{
    /// <summary>The number of extra elements that the list must have, because rows are written in vectors.</summary>
    public const int Room = 8;

    // For each combination of eight Booleans, the positions of the true ones, one byte each.
    private static readonly ulong[] Places = [.. Enumerable.Range(0, 256).Select(static truths =>
    {
        ulong places = 0;
        for (int place = 7; place >= 0; place--)
            places = (truths >> place & 1) == 0 ? places : (places << 8) | (uint)place;
        return places;
    })];

    /// <summary>Adds the rows whose value is true, without branches, which would be unpredictable.</summary>
    /// <param name="truths">1 or 0 for each row.</param>
    /// <param name="offset">The number of the first row.</param>
    /// <param name="kept">The list.</param>
    /// <param name="found">The number of rows in the list.</param>
    /// <returns>The new number of rows in the list.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Add(ReadOnlySpan<sbyte> truths, int offset, ushort[] kept, int found)
    {
        int n = 0;
        ref sbyte firstTruth = ref MemoryMarshal.GetReference(truths);
        ref ushort first = ref MemoryMarshal.GetArrayDataReference(kept);
        ref ulong places = ref MemoryMarshal.GetArrayDataReference(Places);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(found + truths.Length + Room, kept.Length);
        for (; n <= truths.Length - Vector256<sbyte>.Count; n += Vector256<sbyte>.Count)
        {
            uint trues = Vector256.Equals(Vector256.LoadUnsafe(ref firstTruth, (nuint)n), Vector256<sbyte>.One)
                .ExtractMostSignificantBits();
            for (int at = offset + n; at < offset + n + Vector256<sbyte>.Count; at += 8, trues >>= 8)
            {
                Vector128<byte> here = Vector128.CreateScalar(Unsafe.Add(ref places, trues & 0xFF)).AsByte();
                (Vector128.WidenLower(here) + Vector128.Create((ushort)at)).StoreUnsafe(ref first, (nuint)found);
                found += BitOperations.PopCount(trues & 0xFF);
            }
        }

        for (; n < truths.Length; n++)
        {
            kept[found] = (ushort)(offset + n);
            found += truths[n];
        }

        return found;
    }
}
