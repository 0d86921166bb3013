using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>
/// Converts numbers like a cast of Java; null stays null, and a result that is the value that represents null becomes null.
/// </summary>
internal sealed class ConversionNode<TFrom, TTo>(EngineType type, Node<TFrom> operand) : Node<TTo>(type, operand)
    where TFrom : unmanaged
    where TTo : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<TTo> target)
    {
        ReadOnlySpan<TFrom> values = operand.Read(frame)[..target.Length];
        TFrom nullValue = Null<TFrom>.Value;
        TTo nullResult = Null<TTo>.Value;
        int n = 0;
        if (typeof(TFrom) == typeof(int) && (typeof(TTo) == typeof(long) || typeof(TTo) == typeof(double)))
            n = IntWidening.Of(
                MemoryMarshal.Cast<TFrom, int>(values), MemoryMarshal.Cast<TTo, long>(target), typeof(TTo) == typeof(double),
                MemoryMarshal.Cast<TTo, long>([nullResult])[0]);
        for (; n < target.Length; n++)
            target[n] = EqualityComparer<TFrom>.Default.Equals(values[n], nullValue) ? nullResult : NumberCast.To<TFrom, TTo>(values[n]);
    }
}

/// <summary>
/// Widens a branch of <c>?:</c> by an implicit conversion of Java, which does not preserve null: the value that represents null in the
/// narrow type becomes an ordinary number of the wide one, as in the reference server.
/// </summary>
internal sealed class BranchConversionNode<TFrom, TTo>(EngineType type, Node<TFrom> operand) : Node<TTo>(type, operand)
    where TFrom : unmanaged
    where TTo : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<TTo> target)
    {
        ReadOnlySpan<TFrom> values = operand.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
            target[n] = NumberCast.To<TFrom, TTo>(values[n]);
    }
}

/// <summary>Converts ints to 64-bit numbers with vector instructions.</summary>
internal static class IntWidening
{
    /// <summary>Converts as many values as fill whole vectors.</summary>
    /// <param name="values">The ints.</param>
    /// <param name="target">The bits of the numbers.</param>
    /// <param name="areDoubles">Whether the results are doubles; otherwise longs.</param>
    /// <param name="nullValue">The bits that represent null in the result.</param>
    /// <returns>The number of converted values.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Of(ReadOnlySpan<int> values, Span<long> target, bool areDoubles, long nullValue)
    {
        if (!Vector256.IsHardwareAccelerated)
            return 0;
        int n = 0;
        ref int first = ref MemoryMarshal.GetReference(values);
        ref long firstTarget = ref MemoryMarshal.GetReference(target);
        Vector256<long> nullValues = Vector256.Create((long)Null<int>.Value), nullResults = Vector256.Create(nullValue);
        for (; n <= values.Length - Vector128<int>.Count; n += Vector128<int>.Count)
        {
            var narrow = Vector128.LoadUnsafe(ref first, (nuint)n);
            Vector256<long> wide = Widen(narrow);
            Vector256<long> converted = !areDoubles ? wide : Avx.IsSupported
                ? Avx.ConvertToVector256Double(narrow).AsInt64()
                : Vector256.ConvertToDouble(wide).AsInt64();
            Vector256.ConditionalSelect(Vector256.Equals(wide, nullValues), nullResults, converted).StoreUnsafe(ref firstTarget, (nuint)n);
        }

        return n;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Widen(Vector128<int> narrow) =>
        Avx2.IsSupported ? Avx2.ConvertToVector256Int64(narrow) : Vector256.WidenLower(narrow.ToVector256());
}

/// <summary>Java's casts between primitive types. The JIT compiler removes all branches.</summary>
internal static class NumberCast
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTo To<TFrom, TTo>(TFrom value)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(double))
            return FromDouble<TTo>(Unsafe.BitCast<TFrom, double>(value));
        if (typeof(TFrom) == typeof(float))
            return FromDouble<TTo>(Unsafe.BitCast<TFrom, float>(value));
        if (typeof(TFrom) == typeof(long))
            return FromLong<TTo>(Unsafe.BitCast<TFrom, long>(value));
        if (typeof(TFrom) == typeof(int))
            return FromLong<TTo>(Unsafe.BitCast<TFrom, int>(value));
        if (typeof(TFrom) == typeof(short))
            return FromLong<TTo>(Unsafe.BitCast<TFrom, short>(value));
        if (typeof(TFrom) == typeof(char))
            return FromLong<TTo>(Unsafe.BitCast<TFrom, char>(value));
        return FromLong<TTo>(Unsafe.BitCast<TFrom, sbyte>(value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromDouble<TTo>(double value)
        where TTo : unmanaged
    {
        // Saturating, and NaN is 0; the small types are converted through int and wrap.
        if (typeof(TTo) == typeof(double))
            return Unsafe.BitCast<double, TTo>(value);
        if (typeof(TTo) == typeof(float))
            return Unsafe.BitCast<float, TTo>((float)value);
        if (typeof(TTo) == typeof(long))
            return Unsafe.BitCast<long, TTo>((long)value);
        return FromLong<TTo>((int)value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromLong<TTo>(long value)
        where TTo : unmanaged
    {
        unchecked
        {
            if (typeof(TTo) == typeof(double))
                return Unsafe.BitCast<double, TTo>(value);
            if (typeof(TTo) == typeof(float))
                return Unsafe.BitCast<float, TTo>(value);
            if (typeof(TTo) == typeof(long))
                return Unsafe.BitCast<long, TTo>(value);
            if (typeof(TTo) == typeof(int))
                return Unsafe.BitCast<int, TTo>((int)value);
            if (typeof(TTo) == typeof(short))
                return Unsafe.BitCast<short, TTo>((short)value);
            if (typeof(TTo) == typeof(char))
                return Unsafe.BitCast<char, TTo>((char)value);
            return Unsafe.BitCast<sbyte, TTo>((sbyte)value);
        }
    }
}
