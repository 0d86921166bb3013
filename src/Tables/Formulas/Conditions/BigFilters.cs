using System.Globalization;
using System.Numerics;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Conditions;

/// <summary>Binds columns of big numbers in condition trees.</summary>
internal static class BigFilters
{
    /// <summary>
    /// Compares a column with a literal: a number, or a string of digits if the number exceeds the types of the protocol.
    /// </summary>
    /// <param name="symbol">The comparison.</param>
    /// <param name="left">The left side.</param>
    /// <param name="right">The right side.</param>
    /// <returns>The comparison, or null if it does not compare a big number with a literal.</returns>
    public static Node<sbyte>? Compare(string symbol, Node left, Node right)
    {
        bool isEquality = symbol is "==" or "!=";
        bool isMirrored = right.Type.IsBig;
        (Node column, Node literal) = isMirrored ? (right, left) : (left, right);
        if (!column.Type.IsBig || Number(literal, isEquality) is not { } number)
            return null;
        Node value = column.Type.Kind == EngineKind.BigInteger && number.Scale == 0
            ? new ConstantNode<object?>(EngineType.BigInteger, number.Unscaled)
            : new ConstantNode<object?>(EngineType.BigDecimal, number);
        if (isEquality && column.Type.Kind == EngineKind.BigDecimal)
            return (Node<sbyte>)BigOperators.BindEquals(column, value, symbol == "==");
        return (Node<sbyte>)(isMirrored ? OperatorBinder.Bind(symbol, value, column, -1) : OperatorBinder.Bind(symbol, column, value, -1));
    }

    /// <summary>Converts a candidate of a list to the type of a column.</summary>
    /// <returns>The value, or null if the column cannot have it.</returns>
    public static object? Candidate(EngineType type, FormulaParameter value) => value switch
    {
        LongParameter { Value: var number } => type.Kind == EngineKind.BigInteger ? new BigInteger(number) : new BigDecimal(number, 0),
        DoubleParameter { Value: var number } when double.IsFinite(number) && Plain(number) is var plain
            && type.Kind == EngineKind.BigDecimal => plain,
        DoubleParameter { Value: var number } when double.IsFinite(number) && Plain(number) is { Scale: 0, Unscaled: var whole } => whole,
        _ => null,
    };

    /// <summary>Searches a column for a number of digits and a decimal point. Further digits of a value are ignored.</summary>
    /// <returns>The search, or null if the text cannot be a number of this column.</returns>
    public static Node<sbyte>? BindSearch(Node column, string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        if (column.Type.Kind == EngineKind.BigInteger)
        {
            return text.Length <= BigNumberLimits.MostDigits
                && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole)
                ? (Node<sbyte>)OperatorBinder.Bind("==", column, new ConstantNode<object?>(EngineType.BigInteger, whole), -1)
                : null;
        }

        if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]) || digits.IndexOfAnyExcept("0123456789.") >= 0
            || BigDecimal.Parse(text) is not { } wanted)
            return null;
        var call = new Call("search", -1, NullRule.Pass, CanFail: false, IsPure: true);
        return new CallNode<object?, sbyte>(
            EngineType.Boolean, call, (Node<object?>)column,
            value => value is BigDecimal number && StartsWith(number, wanted) ? (sbyte)1 : (sbyte)0);
    }

    private static bool StartsWith(BigDecimal number, BigDecimal wanted) =>
        number.WithScale(wanted.Scale, Rounding.Down).Unscaled == wanted.Unscaled && (number.Unscaled.Sign >= 0 || !wanted.Unscaled.IsZero);

    private static BigDecimal? Number(Node literal, bool isEquality) => literal switch
    {
        ConstantNode<long> { Type.Kind: EngineKind.Long, Value: var number } => new BigDecimal(number, 0),
        ConstantNode<double> { Value: var number } when double.IsFinite(number) => Plain(number),
        ConstantNode<string?> { Value: { } text } when !isEquality => BigDecimal.Parse(text),
        _ => null,
    };

    /// <summary>Converts a double; a whole number has no decimal point.</summary>
    private static BigDecimal Plain(double number) =>
        BigDecimal.Of(number) is var exact && exact.StripZeros() is { Scale: <= 0 } whole
            ? whole.WithScale(0, Rounding.Unnecessary)
            : exact;
}
