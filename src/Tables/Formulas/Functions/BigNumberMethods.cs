using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>The methods and functions of both types of big numbers.</summary>
internal static class BigNumberMethods
{
    /// <summary>The functions that are not methods.</summary>
    public static IEnumerable<Function> Functions => [.. Of(EngineType.BigDecimal), .. Of(EngineType.BigInteger)];

    /// <summary>The methods that every number has.</summary>
    /// <param name="type">The type of the number.</param>
    /// <param name="sign">Returns -1, 0 or 1.</param>
    /// <param name="hash">Returns Java's hash.</param>
    public static IEnumerable<Function> Common(EngineType type, Func<object, int> sign, Func<object, int> hash) =>
    [
        Method(".signum", type, Int, sign), Method(".hashCode", type, Int, hash),
        Method<string?>(".toString", type, EngineType.String, static x => JavaText.Of(x)),
        Method(".byteValue", type, EngineType.Byte, static x => unchecked((sbyte)BigConversions.Low(x))),
        Method(".shortValue", type, Short, static x => unchecked((short)BigConversions.Low(x))),
        Method(".intValue", type, Int, static x => unchecked((int)BigConversions.Low(x))),
        Method(".longValue", type, Long, BigConversions.Low),
        Method(".floatValue", type, Float, BigConversions.ToFloat),
        Method(".doubleValue", type, EngineType.Double, BigConversions.ToDouble),
        Function.Of<object, object, int>(
            ".compareTo", type, type, Int, static (x, y) => Math.Sign(((IComparable)x).CompareTo(y)), NullRule.Refuse),
        Function.Of<object, object, sbyte>(
            ".equals", type, EngineType.Object, EngineType.Boolean, static (x, y) => Equal(x, y), NullRule.Pass, canFail: true),
    ];

    /// <summary>The conversions that fail if the number does not fit into a narrower whole type.</summary>
    public static IEnumerable<Function> Exact(EngineType type, Func<object, BigInteger> whole) =>
    [
        Method(".byteValueExact", type, EngineType.Byte, x => (sbyte)whole(x)),
        Method(".shortValueExact", type, Short, x => (short)whole(x)),
        Method(".intValueExact", type, Int, x => (int)whole(x)), Method(".longValueExact", type, Long, x => (long)whole(x)),
    ];

    /// <summary>A division with a scale and a rounding mode.</summary>
    public static Function OfFour<T>(string name, EngineType mode, Func<T, Rounding> rounding)
    {
        EngineType number = EngineType.BigDecimal;
        return new Function(name, [number, number, Int, mode], number, (function, arguments, _, position) =>
        {
            // A call has at most three arguments, so the divisor and the scale are combined.
            var both = new CallNode<object, int, object?>(
                EngineType.Object, function.At(position),
                (Node<object>)arguments[1], (Node<int>)arguments[2], static (divisor, scale) => new Quotient((BigDecimal)divisor, scale));
            return new CallNode<object, object, T, object?>(
                number, function.At(position), (Node<object>)arguments[0], both!, (Node<T>)arguments[3],
                (x, by, how) => ((BigDecimal)x).Divide(((Quotient)by).Divisor, ((Quotient)by).Scale, rounding(how)));
        })
        {
            Nulls = NullRule.Refuse, CanFail = true,
        };
    }

    private sealed record Quotient(BigDecimal Divisor, int Scale);

    private static IEnumerable<Function> Of(EngineType type) =>
    [
        Function.Of<object?, object?, object?>("replaceIfNull", type, type, type, static (value, other) => value ?? other, NullRule.Pass),
        Function.Of<sbyte, object?, object?, object?>(
            "ifelseObj", EngineType.Boolean, type, type, type,
            static (condition, whenTrue, whenFalse) => condition == Null<sbyte>.Value ? null : condition == 1 ? whenTrue : whenFalse,
            NullRule.Pass),
        .. new[] { EngineType.Byte, Short, Int, Long, Float, EngineType.Double }.Select(to => new Function(
            to.ClassName + "Cast", [type], to, (_, arguments, _, _) => BigConversions.From(arguments[0], to)!) { CanFail = true }),
    ];

    private static sbyte Equal(object? x, object? y) =>
        x is null ? throw new FormulaError("called with null; test it with isNull first") : x.Equals(y) ? (sbyte)1 : (sbyte)0;

    private static Function Method<T>(string name, EngineType type, EngineType result, Func<object, T> body) =>
        Function.Of(name, type, result, body, NullRule.Refuse, canFail: true);
}
