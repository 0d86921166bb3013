using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>A binary operation on numbers of one type.</summary>
internal interface IArithmetic<T>
{
    /// <summary>Whether <see cref="Invoke(Vector{T}, Vector{T})"/> is supported.</summary>
    static abstract bool IsVectorized { get; }

    static abstract T Invoke(T left, T right);

    static abstract Vector<T> Invoke(Vector<T> left, Vector<T> right);
}

internal readonly struct Add<T> : IArithmetic<T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T left, T right) => left + right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => left + right;
}

internal readonly struct Subtract<T> : IArithmetic<T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T left, T right) => left - right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => left - right;
}

internal readonly struct Multiply<T> : IArithmetic<T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => typeof(T) != typeof(long);

    public static T Invoke(T left, T right) => left * right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => left * right;
}

/// <summary>Division of floating-point numbers. Integers are converted first.</summary>
internal readonly struct Divide<T> : IArithmetic<T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T left, T right) => left / right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => left / right;
}

internal readonly struct Remainder<T> : IArithmetic<T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => false;

    public static T Invoke(T left, T right) => left % right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => throw new NotSupportedException();
}

internal readonly struct BitAnd<T> : IArithmetic<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T left, T right) => left & right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => left & right;
}

internal readonly struct BitOr<T> : IArithmetic<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T left, T right) => left | right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => left | right;
}

internal readonly struct BitXor<T> : IArithmetic<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T left, T right) => left ^ right;

    public static Vector<T> Invoke(Vector<T> left, Vector<T> right) => left ^ right;
}

/// <summary>
/// Arithmetic on two numbers of one type. The result is null if an operand is, or if it equals the value that represents null.
/// </summary>
internal sealed class ArithmeticNode<T, TOperator>(EngineType type, Node<T> left, Node<T> right) : Node<T>(type, left, right)
    where T : unmanaged, INumber<T>
    where TOperator : struct, IArithmetic<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<T> target)
    {
        ReadOnlySpan<T> a = left.Read(frame), b = right.Read(frame);
        T nullValue = Null<T>.Value;
        int n = 0;
        if (TOperator.IsVectorized && Vector.IsHardwareAccelerated)
        {
            var nullValues = new Vector<T>(nullValue);
            ref T firstA = ref MemoryMarshal.GetReference(a), firstB = ref MemoryMarshal.GetReference(b),
                firstTarget = ref MemoryMarshal.GetReference(target);
            for (; n <= target.Length - Vector<T>.Count; n += Vector<T>.Count)
            {
                Vector<T> x = Vector.LoadUnsafe(ref firstA, (nuint)n), y = Vector.LoadUnsafe(ref firstB, (nuint)n);
                Vector<T> isNull = Vector.Equals(x, nullValues) | Vector.Equals(y, nullValues);
                Vector.ConditionalSelect(isNull, nullValues, TOperator.Invoke(x, y)).StoreUnsafe(ref firstTarget, (nuint)n);
            }
        }

        a = a[..target.Length];
        b = b[..target.Length];
        for (; n < target.Length; n++)
            target[n] = a[n] == nullValue || b[n] == nullValue ? nullValue : TOperator.Invoke(a[n], b[n]);
    }
}

/// <summary>The remainder of integers, which fails for a divisor of zero.</summary>
internal sealed class IntegerRemainderNode<T> : Node<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Node<T> _left, _right;
    private readonly int _position;

    public IntegerRemainderNode(EngineType type, Node<T> left, Node<T> right, int position)
        : base(type, left, right)
    {
        (_left, _right, _position) = (left, right, position);
        CanFail = left.CanFail || right.CanFail || right is not ConstantNode<T> { Value: var divisor } || divisor == T.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<T> target)
    {
        ReadOnlySpan<T> a = _left.Read(frame)[..target.Length];
        if (typeof(T) == typeof(int) && _right is ConstantNode<int> { Value: not 0 and not int.MinValue and var divisor })
        {
            ByConstant(MemoryMarshal.Cast<T, int>(a), divisor, MemoryMarshal.Cast<T, int>(target));
            return;
        }

        ReadOnlySpan<T> b = _right.Read(frame)[..target.Length];
        T nullValue = Null<T>.Value;
        for (int n = 0; n < target.Length; n++)
        {
            if (a[n] == nullValue || b[n] == nullValue)
                target[n] = nullValue;
            else if (b[n] == T.Zero)
                throw new FormulaError("division by zero", _position);
            else
                target[n] = a[n] % b[n];
        }
    }

    /// <summary>
    /// Computes the remainder by multiplications, exactly for all 32-bit integers: scalar (Lemire, Kaser, Kurz: Faster remainder by direct
    /// computation, 2019), or eight at a time by the quotient of the magnitude, which has 31 bits (Granlund, Montgomery: Division by
    /// invariant integers using multiplication, 1994).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByConstant(ReadOnlySpan<int> values, int divisor, Span<int> target)
    {
        uint size = (uint)Math.Abs(divisor);
        int n = 0;
        if (Avx2.IsSupported)
        {
            int shift = 31 + (size == 1 ? 0 : BitOperations.Log2(size - 1) + 1);
            Vector256<uint> inverse = Vector256.Create((uint)((1UL << shift) / size) + 1), sizes = Vector256.Create(size);
            var nullValues = Vector256.Create(int.MinValue);
            ref int first = ref MemoryMarshal.GetReference(values), firstTarget = ref MemoryMarshal.GetReference(target);
            for (; n <= target.Length - Vector256<int>.Count; n += Vector256<int>.Count)
            {
                Vector256<int> value = Vector256.LoadUnsafe(ref first, (nuint)n), sign = value >> 31;
                Vector256<uint> positive = Avx2.Abs(value);
                Vector256<ulong> even = Avx2.Multiply(positive, inverse) >> shift,
                    odd = Avx2.Multiply((positive.AsUInt64() >> 32).AsUInt32(), inverse) >> shift;
                Vector256<int> rest = (positive - ((even | (odd << 32)).AsUInt32() * sizes)).AsInt32();
                Vector256.ConditionalSelect(Vector256.Equals(value, nullValues), nullValues, (rest ^ sign) - sign)
                    .StoreUnsafe(ref firstTarget, (nuint)n);
            }
        }

        ulong inverseOfAll = unchecked((ulong.MaxValue / size) + 1);
        for (; n < target.Length; n++)
        {
            int value = values[n];
            int rest = (int)Math.BigMul(unchecked(inverseOfAll * (uint)(value < 0 ? -value : value)), size, out _);
            target[n] = value == int.MinValue ? value : value < 0 ? -rest : rest;
        }
    }
}
