using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>Makes validity bitmaps: whole 64-bit words, and none at all where nothing is null.</summary>
internal static class Validity
{
    /// <summary>The bitmap for values in which <see cref="Null{T}"/> stands for null.</summary>
    public static (ArrowBuffer Bitmap, int Nulls) Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        T nothing = Null<T>.Value;
        EqualityComparer<T> equality = EqualityComparer<T>.Default;
        if (!HasNull(values))
            return (ArrowBuffer.Empty, 0);

        ulong[] words = NewBitmap(values.Length);
        int nulls = 0;
        for (int n = 0; n < values.Length; n++)
        {
            bool isNull = equality.Equals(values[n], nothing);
            nulls += isNull ? 1 : 0;
            words[n >> 6] |= (isNull ? 0UL : 1UL) << n;
        }

        return (Wrap(words), nulls);
    }

    public static ulong[] NewBitmap(int rows) => new ulong[(rows + 63) / 64];

    public static ArrowBuffer Wrap(ulong[] words) => new(MemoryMarshal.AsBytes(words.AsSpan()).ToArray());

    /// <summary>Whether <see cref="Null{T}"/> is among the values. Searching the bit patterns lets the vectorised search of the runtime do it.</summary>
    public static bool HasNull<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        T nothing = Null<T>.Value;
        if (typeof(T) == typeof(double))
            return MemoryMarshal.Cast<T, long>(values).Contains(BitConverter.DoubleToInt64Bits((double)(object)nothing));
        if (typeof(T) == typeof(float))
            return MemoryMarshal.Cast<T, int>(values).Contains(BitConverter.SingleToInt32Bits((float)(object)nothing));
        if (typeof(T) == typeof(long))
            return MemoryMarshal.Cast<T, long>(values).Contains((long)(object)nothing);
        if (typeof(T) == typeof(int))
            return MemoryMarshal.Cast<T, int>(values).Contains((int)(object)nothing);
        if (typeof(T) == typeof(short))
            return MemoryMarshal.Cast<T, short>(values).Contains((short)(object)nothing);
        if (typeof(T) == typeof(char))
            return MemoryMarshal.Cast<T, char>(values).Contains((char)(object)nothing);
        return MemoryMarshal.Cast<T, sbyte>(values).Contains((sbyte)(object)nothing);
    }
}
