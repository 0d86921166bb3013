using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Wharf.Tables.Columns;

/// <summary>Creates validity bitmaps of whole 64-bit words; empty if there are no nulls.</summary>
internal static class Validity
{
    /// <summary>Returns the bitmap of values in which <see cref="Null{T}"/> represents null.</summary>
    public static (ArrowBuffer Bitmap, int Nulls) Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        T nullValue = Null<T>.Value;
        EqualityComparer<T> equality = EqualityComparer<T>.Default;
        if (!HasNull(values))
            return (ArrowBuffer.Empty, 0);

        ulong[] words = NewBitmap(values.Length);
        int nulls = 0;
        for (int n = 0; n < values.Length; n++)
        {
            bool isNull = equality.Equals(values[n], nullValue);
            nulls += isNull ? 1 : 0;
            words[n >> 6] |= (isNull ? 0UL : 1UL) << n;
        }

        return (Wrap(words), nulls);
    }

    public static ulong[] NewBitmap(int rows) => new ulong[(rows + 63) / 64];

    public static ArrowBuffer Wrap(ulong[] words) => new(MemoryMarshal.AsBytes(words.AsSpan()).ToArray());

    /// <summary>
    /// Returns whether <see cref="Null{T}"/> is among the values. The search for bit patterns is vectorized by the runtime.
    /// </summary>
    public static bool HasNull<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        T nullValue = Null<T>.Value;
        if (typeof(T) == typeof(double))
            return MemoryMarshal.Cast<T, long>(values).Contains(BitConverter.DoubleToInt64Bits((double)(object)nullValue));
        if (typeof(T) == typeof(float))
            return MemoryMarshal.Cast<T, int>(values).Contains(BitConverter.SingleToInt32Bits((float)(object)nullValue));
        if (typeof(T) == typeof(long))
            return MemoryMarshal.Cast<T, long>(values).Contains((long)(object)nullValue);
        if (typeof(T) == typeof(int))
            return MemoryMarshal.Cast<T, int>(values).Contains((int)(object)nullValue);
        if (typeof(T) == typeof(short))
            return MemoryMarshal.Cast<T, short>(values).Contains((short)(object)nullValue);
        if (typeof(T) == typeof(char))
            return MemoryMarshal.Cast<T, char>(values).Contains((char)(object)nullValue);
        return MemoryMarshal.Cast<T, sbyte>(values).Contains((sbyte)(object)nullValue);
    }
}
