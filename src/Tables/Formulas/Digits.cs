using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wharf.Tables.Formulas;

/// <summary>Formats integers as digits.</summary>
internal static class Digits
{
    private const int Half = 32;

    // The two digits of each number below 100.
    private static readonly byte[] Pairs = [.. Enumerable.Range(0, 100)
        .SelectMany(static number => new[] { (byte)('0' + (number / 10)), (byte)('0' + (number % 10)) })];

    // For each position of the highest bit, the number of digits in the upper half; adding a number to it carries if there is one more
    // (Lemire, 2021).
    private static readonly ulong[] Counts = [.. Enumerable.Range(0, Half).Select(static bit =>
    {
        ulong digits = (ulong)$"{1UL << bit}".Length, power = (ulong)Math.Pow(10, digits);
        return power < 1UL << (bit + 1) ? ((digits + 1) << Half) - power : digits << Half;
    })];

    /// <summary>Returns the length of a formatted number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(long number)
    {
        ulong size = (ulong)Math.Abs(number);
        return (number < 0 ? 1 : 0) + (size <= uint.MaxValue ? CountSmall((uint)size) : CountLarge(size));
    }

    /// <summary>Writes a number.</summary>
    /// <returns>The number of characters written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(long number, Span<byte> target)
    {
        int count = Count(number), end = count;
        ref byte first = ref MemoryMarshal.GetReference(target[..count]);
        ref byte pairs = ref MemoryMarshal.GetArrayDataReference(Pairs);
        first = (byte)'-';
        ulong size = (ulong)Math.Abs(number);
        for (; size > uint.MaxValue; size /= 100)
            Pair((uint)(size % 100), ref first, ref pairs, end -= 2);
        uint rest = (uint)size;
        while (rest >= 100)
        {
            uint next = rest / 100;
            Pair(rest - (next * 100), ref first, ref pairs, end -= 2);
            rest = next;
        }

        if (rest >= 10)
            Pair(rest, ref first, ref pairs, end - 2);
        else
            Unsafe.Add(ref first, end - 1) = (byte)('0' + rest);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(uint number, ref byte first, ref byte pairs, int at) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, at), Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref pairs, number * 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountSmall(uint size) => (int)((size + Counts[BitOperations.Log2(size | 1)]) >> Half);

    private static int CountLarge(ulong size)
    {
        int digits = 1;
        for (; size >= 10; size /= 10)
            digits++;
        return digits;
    }
}
