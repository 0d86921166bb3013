using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>A comparison of two values of one type. Null is the smallest value; ordering comparisons with NaN are false.</summary>
internal interface IComparison<T>
{
    /// <summary>Whether <see cref="Invoke(Vector{T}, Vector{T})"/> is supported.</summary>
    static virtual bool IsVectorized => false;

    static abstract bool Invoke(T left, T right);

    /// <summary>Returns the results as masks.</summary>
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

/// <summary>Integers: the value that represents null is the minimum, so null needs no special case.</summary>
internal readonly struct IntegerLess<T> : IComparison<T>
    where T : IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) => left < right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => Vector.LessThan(left, right);
}

internal readonly struct IntegerLessOrEqual<T> : IComparison<T>
    where T : IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) => left <= right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => Vector.LessThanOrEqual(left, right);
}

/// <summary>
/// Floating-point numbers: null is less than minus infinity, although the value that represents it is not. Both zeros are equal.
/// </summary>
internal readonly struct FloatingLess<T> : IComparison<T>
    where T : IFloatingPoint<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) =>
        left == Null<T>.Value ? right != Null<T>.Value && !T.IsNaN(right) : right != Null<T>.Value && left < right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right)
    {
        var nullValues = new Vector<T>(Null<T>.Value);
        return Vector.AndNot(
            Vector.LessThan(left, right) | (Vector.Equals(left, nullValues) & Vector.Equals(right, right)),
            Vector.Equals(right, nullValues));
    }
}

/// <inheritdoc cref="FloatingLess{T}"/>
internal readonly struct FloatingLessOrEqual<T> : IComparison<T>
    where T : IFloatingPoint<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) => left == Null<T>.Value ? !T.IsNaN(right) : right != Null<T>.Value && left <= right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right)
    {
        var nullValues = new Vector<T>(Null<T>.Value);
        return Vector.AndNot(
            Vector.LessThanOrEqual(left, right),
            Vector.Equals(right, nullValues)) | (Vector.Equals(left, nullValues) & Vector.Equals(right, right));
    }
}

/// <summary>The order in formulas: like <see cref="FloatingLess{T}"/>, but -0.0 is less than 0.0, although both are equal.</summary>
internal readonly struct SignedLess<T> : IComparison<T>
    where T : IFloatingPoint<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) => FloatingLess<T>.Invoke(left, right) || SignedZeros.AreNegativeAndPositive(left, right);

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) =>
        FloatingLess<T>.Invoke(left, right) | SignedZeros.AreNegativeAndPositive(left, right);
}

/// <inheritdoc cref="SignedLess{T}"/>
internal readonly struct SignedLessOrEqual<T> : IComparison<T>
    where T : IFloatingPoint<T>
{
    public static bool IsVectorized => true;

    public static bool Invoke(T left, T right) =>
        FloatingLessOrEqual<T>.Invoke(left, right) && !SignedZeros.AreNegativeAndPositive(right, left);

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) =>
        Vector.AndNot(FloatingLessOrEqual<T>.Invoke(left, right), SignedZeros.AreNegativeAndPositive(right, left));
}

/// <summary>Distinguishes -0.0 from 0.0.</summary>
internal static class SignedZeros
{
    /// <summary>Returns whether the first is -0.0 and the second 0.0: only these are equal and have different signs.</summary>
    public static bool AreNegativeAndPositive<T>(T first, T second)
        where T : IFloatingPoint<T> => first == second && T.IsNegative(first) && !T.IsNegative(second);

    /// <inheritdoc cref="AreNegativeAndPositive{T}(T, T)"/>
    public static Vector<T> AreNegativeAndPositive<T>(Vector<T> first, Vector<T> second)
    {
        var signs = Vector.AndNot(first, second);
        Vector<T> isNegative = typeof(T) == typeof(float)
            ? Vector.LessThan(Vector.AsVectorInt32(signs), Vector<int>.Zero).As<int, T>()
            : Vector.LessThan(Vector.AsVectorInt64(signs), Vector<long>.Zero).As<long, T>();
        return Vector.Equals(first, second) & isNegative;
    }
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
        if ((typeof(T) == typeof(int) || typeof(T) == typeof(float) || typeof(T) == typeof(double)) && TOperator.IsVectorized
            && Vector.IsHardwareAccelerated)
        {
            ref T firstA = ref MemoryMarshal.GetReference(a), firstB = ref MemoryMarshal.GetReference(b);
            ref sbyte firstTarget = ref MemoryMarshal.GetReference(target);
            int width = Vector<int>.Count;
            for (; n <= target.Length - Vector<sbyte>.Count; n += Vector<sbyte>.Count)
            {
                var low = Vector.Narrow(Mask(ref firstA, ref firstB, n), Mask(ref firstA, ref firstB, n + width));
                var high = Vector.Narrow(Mask(ref firstA, ref firstB, n + (2 * width)), Mask(ref firstA, ref firstB, n + (3 * width)));
                (Vector.Narrow(low, high) & Vector<sbyte>.One).StoreUnsafe(ref firstTarget, (nuint)n);
            }
        }

        for (; n < target.Length; n++)
            target[n] = TOperator.Invoke(a[n], b[n]) ? (sbyte)1 : (sbyte)0;
    }

    /// <summary>Returns the results of as many rows as a vector of ints has elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Mask(ref T a, ref T b, int at)
    {
        Vector<T> first = TOperator.Invoke(Vector.LoadUnsafe(ref a, (nuint)at), Vector.LoadUnsafe(ref b, (nuint)at));
        if (typeof(T) != typeof(double))
            return first.As<T, int>();
        nuint behind = (nuint)(at + Vector<T>.Count);
        return Vector.Narrow(
            first.As<T, long>(), TOperator.Invoke(Vector.LoadUnsafe(ref a, behind), Vector.LoadUnsafe(ref b, behind)).As<T, long>());
    }
}

/// <summary>
/// Compares a long with a floating-point number without rounding the long. Null is the smallest, NaN has no order, and both zeros are
/// equal.
/// </summary>
internal sealed class LongComparisonNode(Comparison comparison, Node<long> left, Node<double> right)
    : Node<sbyte>(EngineType.Boolean, left, right)
{
    public override bool IsNeverNull => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<long> a = left.Read(frame)[..target.Length];
        ReadOnlySpan<double> b = right.Read(frame)[..target.Length];
        bool isLess = comparison is Comparison.Less or Comparison.LessOrEqual;
        for (int n = 0; n < target.Length; n++)
        {
            // Rounding preserves the order, so only equal values need an exact comparison.
            double rounded = a[n];
            bool isTrue = rounded != b[n] && a[n] != Null<long>.Value && b[n] != Null<double>.Value ? isLess
                ? rounded < b[n]
                : rounded > b[n] : IsTrue(a[n], b[n]);
            target[n] = isTrue ? (sbyte)1 : (sbyte)0;
        }
    }

    private bool IsTrue(long a, double b)
    {
        int order = Order(a, b);
        return !double.IsNaN(b) && comparison switch
        {
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary>Returns a number below, at or above zero if the long is less than, equal to or greater than the other.</summary>
    private static int Order(long a, double b)
    {
        if (a == Null<long>.Value || b == Null<double>.Value)
            return (b == Null<double>.Value ? 1 : 0) - (a == Null<long>.Value ? 1 : 0);
        if (Math.Abs(b) > long.MaxValue)
            return b < 0 ? 1 : -1;
        long whole = (long)b;
        return a != whole ? a < whole ? -1 : 1 : Math.Truncate(b).CompareTo(b);
    }
}

/// <summary>Compares strings by their UTF-16 code units, as Java does; null is the smallest.</summary>
internal sealed class TextComparisonNode(Comparison comparison, Node<string?> left, Node<string?> right)
    : Node<sbyte>(EngineType.Boolean, left, right)
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

/// <summary>Orders comparable objects; null is the smallest.</summary>
internal sealed class ObjectComparisonNode(Comparison comparison, Node<object?> left, Node<object?> right)
    : Node<sbyte>(EngineType.Boolean, left, right)
{
    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<object?> a = left.Read(frame)[..target.Length], b = right.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
        {
            int order = Comparer<object?>.Default.Compare(a[n], b[n]);
            bool isTrue = comparison switch
            {
                Comparison.Less => order < 0,
                Comparison.LessOrEqual => order <= 0,
                Comparison.Greater => order > 0,
                _ => order >= 0,
            };
            target[n] = isTrue ? (sbyte)1 : (sbyte)0;
        }
    }
}

/// <summary>
/// Compares values of unrelated types: they are equal only if both are null, and not even then if exactly one of the types is numeric.
/// </summary>
internal sealed class UnrelatedComparisonNode<TLeft, TRight>(bool whenBothNull, Node<TLeft> left, Node<TRight> right, bool nullsAreEqual)
    : Node<sbyte>(EngineType.Boolean, left, right)
{
    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<TLeft> a = left.Read(frame);
        ReadOnlySpan<TRight> b = right.Read(frame);
        for (int n = 0; n < target.Length; n++)
        {
            bool bothNull = nullsAreEqual && EqualityComparer<TLeft>.Default.Equals(a[n], Null<TLeft>.Value)
                && EqualityComparer<TRight>.Default.Equals(b[n], Null<TRight>.Value);
            target[n] = bothNull == whenBothNull ? (sbyte)1 : (sbyte)0;
        }
    }
}

/// <summary>Tests for null.</summary>
internal sealed class IsNullNode<T>(bool whenNull, Node<T> operand) : Node<sbyte>(EngineType.Boolean, operand)
{
    public override bool IsNeverNull => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<T> values = operand.Read(frame)[..target.Length];
        T nullValue = Null<T>.Value;
        for (int n = 0; n < target.Length; n++)
            target[n] = EqualityComparer<T>.Default.Equals(values[n], nullValue) == whenNull ? (sbyte)1 : (sbyte)0;
    }
}
