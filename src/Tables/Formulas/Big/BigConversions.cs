using System.Numerics;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Big;

/// <summary>Converts between big numbers and the other number types.</summary>
internal static class BigConversions
{
    private static readonly Call Widening = new("convert", -1, NullRule.Propagate, CanFail: false, IsPure: true);

    /// <summary>Converts a number to a big number.</summary>
    /// <param name="node">A number of any type; a floating-point number converts only to a decimal.</param>
    /// <param name="to">The type of the big number.</param>
    public static Node<object?> To(Node node, EngineType to)
    {
        if (node.Type == to)
            return (Node<object?>)node;
        if (node.Type.Kind == EngineKind.BigInteger)
            return Of<object?>(node, to, static number => new BigDecimal((BigInteger)number!, 0));
        if (node.Type.Kind is EngineKind.Float or EngineKind.Double)
            return OfDouble(node, static number => BigDecimal.Of(number));
        Node whole = Conversions.Widen(node, EngineType.Long)!;
        return to.Kind == EngineKind.BigInteger
            ? Of<long>(whole, to, static number => new BigInteger(number))
            : Of<long>(whole, to, static number => new BigDecimal(number, 0));
    }

    /// <summary>Converts as <see cref="To"/>, but NaN to <see cref="NotANumber"/>.</summary>
    public static Node<object?> ToComparable(Node node, EngineType to) => node.Type.Kind is EngineKind.Float or EngineKind.Double
        ? OfDouble(node, static number => double.IsNaN(number) ? NotANumber.Value : BigDecimal.Of(number))
        : To(node, to);

    /// <summary>Converts a big number to a primitive type, as <c>intValue</c> and the like.</summary>
    /// <returns>The conversion, or null if there is none.</returns>
    public static Node? From(Node node, EngineType to) => to.Kind switch
    {
        EngineKind.Byte => From(node, to, static number => unchecked((sbyte)Low(number))),
        EngineKind.Short => From(node, to, static number => unchecked((short)Low(number))),
        EngineKind.Int => From(node, to, static number => unchecked((int)Low(number))),
        EngineKind.Long => From(node, to, Low),
        EngineKind.Float => From(node, to, ToFloat),
        EngineKind.Double => From(node, to, ToDouble),
        _ => null,
    };

    /// <summary>Returns the lowest 64 bits of the whole part.</summary>
    public static long Low(object number) => BigIntegers.ToLong(number is BigInteger whole ? whole : ((BigDecimal)number).Whole());

    /// <summary>Returns the nearest double.</summary>
    public static double ToDouble(object number) =>
        number is BigInteger whole ? BigIntegers.ToDouble(whole) : ((BigDecimal)number).ToDouble();

    /// <summary>Returns the nearest float.</summary>
    public static float ToFloat(object number) => number is BigInteger whole ? BigIntegers.ToFloat(whole) : ((BigDecimal)number).ToFloat();

    private static Node<object?> OfDouble(Node node, Func<double, object> body) =>
        (Node<object?>)new CallNode<double, object?>(
            EngineType.BigDecimal, Widening with { CanFail = true },
            (Node<double>)Conversions.Widen(node, EngineType.Double)!, number => body(number)).Fold();

    private static Node From<T>(Node node, EngineType to, Func<object, T> body) =>
        new CallNode<object?, T>(to, Widening with { CanFail = true }, (Node<object?>)node, number => body(number!)).Fold();

    private static Node<object?> Of<T>(Node node, EngineType to, Func<T, object> body) =>
        (Node<object?>)new CallNode<T, object?>(to, Widening, (Node<T>)node, number => body(number)).Fold();
}
