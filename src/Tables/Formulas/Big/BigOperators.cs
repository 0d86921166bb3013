using System.Numerics;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Big;

/// <summary>
/// The operators between big numbers, and between a big number and any other number. Whole numbers stay whole; all others become decimals.
/// </summary>
internal static class BigOperators
{
    /// <summary>Returns whether an operator between these types operates on big numbers.</summary>
    public static bool Accepts(EngineType left, EngineType right) =>
        (left.IsBig && (right.IsBig || right.IsNumeric)) || (right.IsBig && left.IsNumeric);

    /// <summary>Binds arithmetic.</summary>
    /// <returns>The operation, or null if there is no such operator.</returns>
    public static Node? Arithmetic(string symbol, Node left, Node right, int position)
    {
        bool isWhole = symbol != "/" && IsWhole(left.Type) && IsWhole(right.Type);
        if (isWhole)
        {
            Func<object, object, object?>? whole = symbol switch
            {
                "+" => static (a, b) => (BigInteger)a + (BigInteger)b,
                "-" => static (a, b) => (BigInteger)a - (BigInteger)b,
                "*" => static (a, b) => BigNumberLimits.Check((BigInteger)a * (BigInteger)b),
                "%" => static (a, b) => BigIntegers.Remainder((BigInteger)a, (BigInteger)b),
                _ => null,
            };
            return whole is null ? null : Call(symbol, EngineType.BigInteger, left, right, whole, position);
        }

        Func<object, object, object?>? exact = symbol switch
        {
            "+" => static (a, b) => (BigDecimal)a + (BigDecimal)b,
            "-" => static (a, b) => (BigDecimal)a - (BigDecimal)b,
            "*" => static (a, b) => (BigDecimal)a * (BigDecimal)b,
            "/" => static (a, b) => (BigDecimal)a / (BigDecimal)b,
            "%" => static (a, b) => (BigDecimal)a % (BigDecimal)b,
            _ => null,
        };
        return exact is null ? null : Call(symbol, EngineType.BigDecimal, left, right, exact, position);
    }

    /// <summary>Binds a comparison by value. Null is the smallest.</summary>
    public static Node Compare(Comparison comparison, Node left, Node right)
    {
        EngineType type = IsWhole(left.Type) && IsWhole(right.Type) ? EngineType.BigInteger : EngineType.BigDecimal;
        return new BigComparisonNode(comparison, BigConversions.ToComparable(left, type), BigConversions.ToComparable(right, type)).Fold();
    }

    /// <summary>Binds Java's <c>equals</c>, which compares the scales of decimals and is false for different types.</summary>
    public static Node BindEquals(Node left, Node right, bool isEqual = true)
    {
        if (left.Type != right.Type)
            return OperatorBinder.DifferentTypes(isEqual, left, right).Fold();
        var call = new Call("equals", -1, NullRule.Pass, CanFail: false, IsPure: true);
        return new CallNode<object?, object?, sbyte>(
            EngineType.Boolean, call, (Node<object?>)left, (Node<object?>)right, (a, b) => Equals(a, b) == isEqual ? (sbyte)1 : (sbyte)0)
                .Fold();
    }

    /// <summary>Negates a big number.</summary>
    public static Node Negate(Node operand, int position)
    {
        var call = new Call("-", position, NullRule.Propagate, CanFail: false, IsPure: true);
        Func<object?, object?> body = operand.Type.Kind == EngineKind.BigInteger
            ? static number => -(BigInteger)number!
            : static number => -(BigDecimal)number!;
        return new CallNode<object?, object?>(operand.Type, call, (Node<object?>)operand, body).Fold();
    }

    private static bool IsWhole(EngineType type) => type.IsIntegral || type.Kind == EngineKind.BigInteger;

    private static CallNode<object?, object?, object?> Call(
        string symbol, EngineType type, Node left, Node right, Func<object, object, object?> body, int position)
    {
        var call = new Call(symbol, position, NullRule.Propagate, CanFail: true, IsPure: true);
        return new CallNode<object?, object?, object?>(
            type, call, BigConversions.To(left, type), BigConversions.To(right, type), (a, b) => body(a!, b!));
    }
}

/// <summary>Represents NaN in comparisons with big numbers: no number is equal to it, greater or less.</summary>
internal sealed record NotANumber
{
    public static readonly NotANumber Value = new();
}

/// <summary>Compares big numbers of one type by their values; null is the smallest.</summary>
internal sealed class BigComparisonNode(Comparison comparison, Node<object?> left, Node<object?> right)
    : Node<sbyte>(EngineType.Boolean, left, right)
{
    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<object?> a = left.Read(frame)[..target.Length], b = right.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
        {
            if (a[n] is NotANumber || b[n] is NotANumber)
            {
                target[n] = comparison == Comparison.NotEqual ? (sbyte)1 : (sbyte)0;
                continue;
            }

            int order = Order(a[n], b[n]);
            bool isTrue = comparison switch
            {
                Comparison.Equal => order == 0,
                Comparison.NotEqual => order != 0,
                Comparison.Less => order < 0,
                Comparison.LessOrEqual => order <= 0,
                Comparison.Greater => order > 0,
                _ => order >= 0,
            };
            target[n] = isTrue ? (sbyte)1 : (sbyte)0;
        }
    }

    private static int Order(object? a, object? b) => (a, b) switch
    {
        (BigDecimal x, BigDecimal y) => x.CompareTo(y),
        (BigInteger x, BigInteger y) => x.CompareTo(y),
        _ => (a is null ? 0 : 1) - (b is null ? 0 : 1),
    };
}
