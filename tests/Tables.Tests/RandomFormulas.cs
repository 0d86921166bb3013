using CsCheck;

namespace Wharf.Tables.Tests;

/// <summary>Random formulas and conditions over the columns A (int), D (double), S (String), T (Instant), B (Boolean) and V (int[]): most are refused, some are computed.</summary>
internal static class RandomFormulas
{
    private static readonly Gen<string> Piece = OneOf(
        "A", "D", "S", "T", "B", "V", "A_", "i", "ii", "1", "2.5", "3L", "0x1F", "1e3", "`t`", "\"q\"", "'c'", "'PT1S'", "'2020-01-01'", "null", "true", "+", "-", "*", "/", "%", "==", "!=",
        "<", ">=", "&&", "||", "!", "?", ":", "(", ")", "[", "]", "{", "}", ",", ".", "(int)", "(String)", "(boolean)", "abs(", "sqrt(", "isNull(", ".length()", ".substring(", "new int[]{", "&", "|", "^", "=", " ",
        "min(", "avg(", "timeZone(", "matches", "`", "'", "\\", "$", "\0", "é", "/*", "*/", "_", "..");

    private static readonly Gen<string> ConditionPiece = OneOf(
        "A", "D", "S", "T", "B", "V", "i", " in ", " not ", " icase ", " includes ", "any ", "all ", "1", "2.5", "-", "3L", "`t`", "'c'", "'2020-01-01T00:00:00Z'", "null", "NaN", "Infinity", "true",
        ", ", "==", "=", "!=", "<", ">=", "&&", "||", "!", "(", ")", "isNull(", " ", "`", "'", "\0");

    /// <summary>Sequences of the pieces of formulas.</summary>
    public static Gen<string> Pieces { get; } = Piece.List[1, 12].Select(string.Concat);

    /// <summary>Sequences of the pieces of conditions, and well-formed trees.</summary>
    public static Gen<string> Conditions { get; } = Gen.OneOf(ConditionPiece.List[1, 12].Select(string.Concat), Trees(3));

    /// <summary>One of the texts.</summary>
    public static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(n => texts[n]);

    /// <summary>Well-formed trees.</summary>
    public static Gen<string> Trees(int depth)
    {
        Gen<string> leaf = OneOf("A", "D", "S", "T", "B", "V", "i", "ii", "1", "0", "2.5f", "7L", "`1`", "'c'", "'PT1S'", "null", "true", "(byte)300", "A_", "S_", "NULL_LONG", "-1", "'12:00:00'", "'2020-02-29'", "'P1M'");
        if (depth == 0)
            return leaf;
        Gen<string> inner = Trees(depth - 1);
        return Gen.OneOf(
            leaf,
            Gen.Select(inner, OneOf("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "&", "|", "^"), inner).Select(static (a, op, b) => $"({a} {op} {b})"),
            Gen.Select(inner, inner, inner).Select(static (a, b, c) => $"({a} ? {b} : {c})"),
            Gen.Select(OneOf("-", "!", "(int)", "(long)", "(double)", "(char)", "(byte)", "(String)", "(boolean)"), inner).Select(static (op, a) => $"({op}{a})"),
            Gen.Select(OneOf("abs", "sqrt", "isNull", "round", "epochNanos", "year", "sum", "count", "parseInstant", "signum"), inner).Select(static (f, a) => $"{f}({a})"),
            Gen.Select(OneOf("min", "max", "pow", "plus", "lowerBin", "replaceIfNull", "in", "randomInt"), inner, inner).Select(static (f, a, b) => $"{f}({a}, {b})"),
            Gen.Select(inner, OneOf("length()", "trim()", "substring(1)", "charAt(0)", "split(`x`)", "size()", "repeat(3)"), Gen.Const(0)).Select(static (a, m, _) => $"{a}.{m}"),
            Gen.Select(inner, inner).Select(static (a, b) => $"{a}[{b}]"));
    }
}
