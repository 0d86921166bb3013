using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wharf.Tables;

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>A question about two values of one type. Null is an ordinary smallest value; NaN makes every ordering false.</summary>
internal interface IComparison<T>
{
    /// <summary>Whether <see cref="Invoke(Vector{T}, Vector{T})"/> may be used.</summary>
    static virtual bool IsVectorized => false;

    static abstract bool Invoke(T left, T right);

    /// <summary>The answers as masks.</summary>
    static virtual Vector<T> Invoke(Vector<T> left, Vector<T> right) => throw new NotSupportedException();
}

internal readonly struct NumberEqual<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) => left == right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => Vector.Equals(left, right);
}

internal readonly struct NumberNotEqual<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) => left != right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => ~Vector.Equals(left, right);
}

/// <summary>Whole numbers: the reserved value is the smallest there is, so null needs no care.</summary>
internal readonly struct WholeLess<T> : IComparison<T>
    where T : IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) => left < right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => Vector.LessThan(left, right);
}

internal readonly struct WholeLessOrEqual<T> : IComparison<T>
    where T : IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) => left <= right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => Vector.LessThanOrEqual(left, right);
}

/// <summary>Floating point numbers: minus infinity is smaller than the reserved value, but null comes before it.</summary>
internal readonly struct FloatingLess<T> : IComparison<T>
    where T : IFloatingPoint<T>
{
    public static bool Invoke(T left, T right) =>
        left == Null<T>.Value ? right != Null<T>.Value && !T.IsNaN(right) : right != Null<T>.Value && left < right;
}

internal readonly struct FloatingLessOrEqual<T> : IComparison<T>
    where T : IFloatingPoint<T>
{
    public static bool Invoke(T left, T right) => left == Null<T>.Value ? !T.IsNaN(right) : right != Null<T>.Value && left <= right;
}

/// <summary>Compares numbers row by row.</summary>
internal sealed class ComparisonNode<T, TOperator>(Node<T> left, Node<T> right) : Node<sbyte>(EngineType.Boolean, left, right)
    where TOperator : struct, IComparison<T>
{
    public override bool IsNeverNull => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<T> a = left.Read(frame)[..target.Length], b = right.Read(frame)[..target.Length];
        int n = 0;
        if (typeof(T) == typeof(int) && TOperator.IsVectorized && Vector.IsHardwareAccelerated)
        {
            ref T firstA = ref MemoryMarshal.GetReference(a), firstB = ref MemoryMarshal.GetReference(b);
            ref sbyte firstTarget = ref MemoryMarshal.GetReference(target);
            int width = Vector<T>.Count;
            for (; n <= target.Length - Vector<sbyte>.Count; n += Vector<sbyte>.Count)
            {
                Vector<short> low = Vector.Narrow(Mask(ref firstA, ref firstB, n), Mask(ref firstA, ref firstB, n + width));
                Vector<short> high = Vector.Narrow(Mask(ref firstA, ref firstB, n + (2 * width)), Mask(ref firstA, ref firstB, n + (3 * width)));
                (Vector.Narrow(low, high) & Vector<sbyte>.One).StoreUnsafe(ref firstTarget, (nuint)n);
            }
        }

        for (; n < target.Length; n++)
            target[n] = TOperator.Invoke(a[n], b[n]) ? (sbyte)1 : (sbyte)0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Mask(ref T a, ref T b, int at) =>
        Vector.AsVectorInt32(TOperator.Invoke(Vector.LoadUnsafe(ref a, (nuint)at), Vector.LoadUnsafe(ref b, (nuint)at)));
}

/// <summary>Compares texts by their UTF-16 code units, as Java does; null is the smallest.</summary>
internal sealed class TextComparisonNode(Comparison comparison, Node<string?> left, Node<string?> right) : Node<sbyte>(EngineType.Boolean, left, right)
{
    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<string?> a = left.Read(frame), b = right.Read(frame);
        for (int n = 0; n < target.Length; n++)
        {
            bool isTrue = comparison switch
            {
                Comparison.Equal => string.Equals(a[n], b[n], StringComparison.Ordinal),
                Comparison.NotEqual => !string.Equals(a[n], b[n], StringComparison.Ordinal),
                Comparison.Less => string.CompareOrdinal(a[n], b[n]) < 0,
                Comparison.LessOrEqual => string.CompareOrdinal(a[n], b[n]) <= 0,
                Comparison.Greater => string.CompareOrdinal(a[n], b[n]) > 0,
                _ => string.CompareOrdinal(a[n], b[n]) >= 0,
            };
            target[n] = isTrue ? (sbyte)1 : (sbyte)0;
        }
    }
}

/// <summary>Whether two values of different, unrelated types are the same: only when both are null, and not even then when one is a number and the other is none.</summary>
internal sealed class UnrelatedComparisonNode<TLeft, TRight>(bool whenBothNull, Node<TLeft> left, Node<TRight> right, bool nullsAreEqual) : Node<sbyte>(EngineType.Boolean, left, right)
{
    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<TLeft> a = left.Read(frame);
        ReadOnlySpan<TRight> b = right.Read(frame);
        for (int n = 0; n < target.Length; n++)
        {
            bool bothNull = nullsAreEqual && EqualityComparer<TLeft>.Default.Equals(a[n], Null<TLeft>.Value) && EqualityComparer<TRight>.Default.Equals(b[n], Null<TRight>.Value);
            target[n] = bothNull == whenBothNull ? (sbyte)1 : (sbyte)0;
        }
    }
}

/// <summary>Whether a value is null.</summary>
internal sealed class IsNullNode<T>(bool whenNull, Node<T> operand) : Node<sbyte>(EngineType.Boolean, operand)
{
    public override bool IsNeverNull => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<T> values = operand.Read(frame)[..target.Length];
        T nothing = Null<T>.Value;
        for (int n = 0; n < target.Length; n++)
            target[n] = EqualityComparer<T>.Default.Equals(values[n], nothing) == whenNull ? (sbyte)1 : (sbyte)0;
    }
}
