using System.Runtime.CompilerServices;

namespace Wharf.Tables;

/// <summary>The digits of whole numbers.</summary>
internal static class Digits
{
    // Two digits for each number below a hundred.
    private static readonly byte[] Pairs = [.. Enumerable.Range(0, 100).SelectMany(static number => new[] { (byte)('0' + (number / 10)), (byte)('0' + (number % 10)) })];

    /// <summary>How many characters a number takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(long number)
    {
        ulong size = (ulong)Math.Abs(number);
        int digits = size < 100_000_000 ? CountSmall((uint)size) : 8 + CountLarge(size / 100_000_000);
        return number < 0 ? digits + 1 : digits;
    }

    /// <summary>Writes a number.</summary>
    /// <returns>How many characters it took.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(long number, Span<byte> target)
    {
        int count = Count(number), end = count;
        if (number < 0)
            target[0] = (byte)'-';
        ulong size = (ulong)Math.Abs(number);
        for (; size > uint.MaxValue; size /= 100)
            Pair((uint)(size % 100), target, end -= 2);
        uint rest = (uint)size;
        for (; rest >= 100; rest /= 100)
            Pair(rest % 100, target, end -= 2);
        if (rest >= 10)
            Pair(rest, target, end - 2);
        else
            target[end - 1] = (byte)('0' + rest);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(uint number, Span<byte> target, int at) =>
        Unsafe.WriteUnaligned(ref target.Slice(at, 2)[0], Unsafe.ReadUnaligned<ushort>(ref Pairs[number * 2]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountSmall(uint size)
    {
        int digits = 1;
        digits += size >= 10 ? 1 : 0;
        digits += size >= 100 ? 1 : 0;
        digits += size >= 1_000 ? 1 : 0;
        digits += size >= 10_000 ? 1 : 0;
        digits += size >= 100_000 ? 1 : 0;
        digits += size >= 1_000_000 ? 1 : 0;
        digits += size >= 10_000_000 ? 1 : 0;
        return digits;
    }

    private static int CountLarge(ulong size)
    {
        int digits = 1;
        for (; size >= 10; size /= 10)
            digits++;
        return digits;
    }
}
