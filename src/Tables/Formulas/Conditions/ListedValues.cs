using System.Globalization;
using System.Numerics;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Functions;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Conditions;

/// <summary>Reads the values of an <c>in</c> as the type of its column.</summary>
internal static class ListedValues
{
    /// <summary>Returns the boxed value, in the type in which the engine computes.</summary>
    /// <exception cref="FormulaError">The column cannot have this value.</exception>
    public static object? Read(EngineType type, ListedLiteral literal)
    {
        Token token = literal.Token;
        if (token is { Kind: TokenKind.Name, Text: "null" } && !literal.IsNegative)
            return null;
        object? value = type.Kind switch
        {
            EngineKind.Boolean when token.Kind == TokenKind.Name && bool.TryParse(token.Text, out bool truth) =>
                truth ? (sbyte)1 : (sbyte)0,
            EngineKind.Byte => ParseInteger(literal, sbyte.MinValue, sbyte.MaxValue) is { } number ? (sbyte)number : null,
            EngineKind.Short => ParseInteger(literal, short.MinValue, short.MaxValue) is { } number ? (short)number : null,
            EngineKind.Int => ParseInteger(literal, int.MinValue, int.MaxValue) is { } number ? (int)number : null,
            EngineKind.Long => ParseInteger(literal, long.MinValue, long.MaxValue),
            EngineKind.Float => Floating(literal) is { } number ? (float)number : null,
            EngineKind.Double => Floating(literal),
            EngineKind.BigInteger =>
                Decimal(literal) is { Scale: 0 } number && token.Kind == TokenKind.Int
                    && !token.Text.Contains('e', StringComparison.OrdinalIgnoreCase)
                    ? number.Unscaled
                    : null,
            EngineKind.BigDecimal => Decimal(literal),
            EngineKind.Char when IsCharacter(literal) => token.Text[0],
            EngineKind.String when token.Kind is TokenKind.Text or TokenKind.Quoted => token.Text,
            EngineKind.Instant when token.Kind == TokenKind.Quoted => ReadingFunctions.ReadInstant(token.Text),
            EngineKind.LocalDate when token.Kind == TokenKind.Quoted => IsoTime.ParseLocalDate(token.Text),
            EngineKind.LocalTime when token.Kind == TokenKind.Quoted => IsoTime.ParseLocalTime(token.Text),
            EngineKind.Object => ObjectMembership.Read(literal),
            EngineKind.Duration when token.Kind == TokenKind.Quoted => IsoTime.ParseDuration(token.Text),
            _ => null,
        };
        return value ?? throw new FormulaError($"this is not a value of type {type.ClassName}", token.Position);
    }

    /// <summary>Returns whether a literal is a character: a letter in quotes, or a letter or digit without.</summary>
    private static bool IsCharacter(ListedLiteral literal) =>
        literal is { IsNegative: false, Token: { Text.Length: 1 } token }
            && (token.Kind is TokenKind.Quoted or TokenKind.Int or TokenKind.Name || token is { Kind: TokenKind.Text, Value: '"' });

    private static long? ParseInteger(ListedLiteral literal, long lowest, long highest)
    {
        // Only decimal digits, as in the reference server: no suffix, no other base.
        if (literal.Token.Kind is not (TokenKind.Int or TokenKind.Long)
            || !long.TryParse((literal.IsNegative ? "-" : "") + literal.Token.Text, NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out long number))
        {
            return null;
        }

        return number < lowest || number > highest ? null : number;
    }

    /// <summary>Parses digits, a decimal point and an exponent like Java's class: without a suffix or another base.</summary>
    private static BigDecimal? Decimal(ListedLiteral literal) =>
        literal.Token.Kind is TokenKind.Int or TokenKind.Long or TokenKind.Double
            && BigDecimal.Parse(literal.Token.Text) is { } number ? literal.IsNegative ? -number : number : null;

    private static double? Floating(ListedLiteral literal)
    {
        double? size = literal.Token switch
        {
            { Kind: TokenKind.Name, Text: "NaN" } => double.NaN,
            { Kind: TokenKind.Name, Text: "Infinity" } => double.PositiveInfinity,
            { Kind: TokenKind.Int, Value: BigInteger large } => BigIntegers.ToDouble(large),
            { Kind: TokenKind.Int or TokenKind.Long or TokenKind.Float or TokenKind.Double, Value: IConvertible number,
                Text: var digits } when digits.IndexOfAny(['x', 'X', 'l', 'L']) < 0 => number.ToDouble(CultureInfo.InvariantCulture),
            _ => null,
        };
        return literal.IsNegative ? -size : size;
    }
}
