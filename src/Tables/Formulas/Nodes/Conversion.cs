using System.Runtime.CompilerServices;

namespace Wharf.Tables;

/// <summary>Makes numbers of one type into another as a Java cast does; null stays null, and a result that is the reserved value becomes null.</summary>
internal sealed class ConversionNode<TFrom, TTo>(EngineType type, Node<TFrom> operand) : Node<TTo>(type, operand)
    where TFrom : unmanaged
    where TTo : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<TTo> target)
    {
        ReadOnlySpan<TFrom> values = operand.Read(frame)[..target.Length];
        TFrom nothing = Null<TFrom>.Value;
        TTo nothingThere = Null<TTo>.Value;
        for (int n = 0; n < target.Length; n++)
            target[n] = EqualityComparer<TFrom>.Default.Equals(values[n], nothing) ? nothingThere : NumberCast.To<TFrom, TTo>(values[n]);
    }
}

/// <summary>
/// Widens a branch of <c>?:</c> as Java does it by itself, which knows nothing of null: the reserved value of the narrow type becomes an ordinary number of the
/// wide one, and so the reference server shows it.
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

/// <summary>Java's casts between primitive types; every branch here is decided when the code is compiled.</summary>
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
        // Saturating, NaN is 0; the small types go through int and wrap.
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
