using System.Globalization;
using System.Numerics;
using System.Text;

namespace Wharf.Tables.Formulas;

/// <summary>Splits a formula into tokens.</summary>
internal static class Tokenizer
{
    private static readonly string[] Symbols = ["++", "--", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "+", "-", "*", "/", "%", "!",
        "~", "<", ">", "=", "&", "|", "^", "?", ":", "(", ")", "[", "]", "{", "}", ",", "."];

    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        int at = 0;
        while (true)
        {
            at = SkipBlanks(text, at);
            if (at >= text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", text.Length));
                return tokens;
            }

            int start = at;
            char c = text[at];
            tokens.Add(c switch
            {
                '`' or '"' => new Token(TokenKind.Text, ReadQuoted(text, ref at), start, c),
                '\'' => new Token(TokenKind.Quoted, ReadQuoted(text, ref at), start),
                _ when char.IsAsciiDigit(c) || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])) =>
                    Number(text, ref at),
                _ when char.IsLetter(c) || c == '_' => new Token(TokenKind.Name, Name(text, ref at), start),
                _ => Symbol(text, ref at),
            });
        }
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (string.CompareOrdinal(text, at, "//", 0, 2) == 0)
            {
                int end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end + 1;
            }
            else if (string.CompareOrdinal(text, at, "/*", 0, 2) == 0)
            {
                int end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? throw new FormulaError("the comment has no end", at) : end + 2;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static string Name(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$'))
            at++;
        return text[start..at];
    }

    private static Token Symbol(string text, ref int at)
    {
        foreach (string symbol in Symbols)
        {
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0)
            {
                at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol, at - symbol.Length);
            }
        }

        throw new FormulaError($"unexpected character '{text[at]}'", at);
    }

    private static string ReadQuoted(string text, ref int at)
    {
        int start = at;
        char quote = text[at++];
        var content = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            char c = text[at++];
            if (c != '\\')
            {
                content.Append(c);
                continue;
            }

            if (quote == '\'' && at < text.Length && text[at] == '\'')
            {
                content.Append(text[at++]);
                continue;
            }

            if (quote == '\'')
                throw new FormulaError("a backslash is not allowed in single quotes", at - 1);
            content.Append(Escape(text, ref at));
        }

        if (at >= text.Length)
            throw new FormulaError("the text has no end", start);
        at++;
        return content.ToString();
    }

    private static char Escape(string text, ref int at)
    {
        char c = at < text.Length ? text[at++] : '\0';
        switch (c)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case >= '0' and <= '7': return Octal(text, ref at);
            case '\\' or '"' or '\'' or '`': return c;
            case 'u' when at + 4 <= text.Length
                && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code):
                at += 4;
                return (char)code;
            default: throw new FormulaError("unknown escape sequence", at - 1);
        }
    }

    /// <summary>Reads up to three octal digits, of which the first of three is at most 3.</summary>
    private static char Octal(string text, ref int at)
    {
        int most = text[at - 1] <= '3' ? 3 : 2, code = text[at - 1] - '0';
        for (int digits = 1; digits < most && at < text.Length && text[at] is >= '0' and <= '7'; digits++)
            code = (code * 8) + text[at++] - '0';
        return (char)code;
    }

    private static Token Number(string text, ref int at)
    {
        int start = at;
        int radix = 10;
        if (text[at] == '0' && at + 1 < text.Length && char.ToLowerInvariant(text[at + 1]) is 'x' or 'b')
        {
            radix = char.ToLowerInvariant(text[at + 1]) == 'x' ? 16 : 2;
            at += 2;
        }

        int digitsAt = at;
        while (at < text.Length && (text[at] == '_' || (radix == 16 ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at]))))
            at++;

        bool isDecimal = false;
        if (radix == 10)
        {
            if (at < text.Length && text[at] == '.'
                && !(at + 1 < text.Length && (char.IsLetter(text[at + 1]) || text[at + 1] == '.') && !IsNumberEnd(text, at + 1)))
            {
                isDecimal = true;
                at++;
                while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '_'))
                    at++;
            }

            if (at < text.Length && text[at] is 'e' or 'E')
            {
                int exponentAt = at + 1 < text.Length && text[at + 1] is '+' or '-' ? at + 2 : at + 1;
                if (exponentAt < text.Length && char.IsAsciiDigit(text[exponentAt]))
                {
                    isDecimal = true;
                    at = exponentAt;
                    while (at < text.Length && char.IsAsciiDigit(text[at]))
                        at++;
                }
            }
        }

        if (text[at - 1] == '_' || (radix != 10 && digitsAt < text.Length && text[digitsAt] == '_'))
            throw new FormulaError("the digits of a number must not begin or end with _", start);
        string digits = text[digitsAt..at].Replace("_", "", StringComparison.Ordinal);
        char suffix = at < text.Length ? char.ToLowerInvariant(text[at]) : '\0';
        if (suffix is 'l' && !isDecimal || suffix is 'f' or 'd' && radix == 10)
            at++;
        else
            suffix = '\0';
        if (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'))
            throw new FormulaError("this is not a number", start);

        string shown = text[start..at];
        // As in the reference server, the suffix F is ignored: the number is a double.
        if (suffix == 'f' && text[at - 1] == 'f')
            return new Token(
                TokenKind.Float, shown, start,
                (float)CheckRange(float.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture), digits, start));
        if (suffix is 'd' or 'f' || isDecimal)
            return new Token(
                TokenKind.Double, shown, start,
                CheckRange(double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture), digits, start));
        if (radix == 10 && digits.Length > 1 && digits[0] == '0')
            radix = 8;
        return IntegerToken(digits, radix, suffix == 'l', shown, start);
    }

    /// <summary>Throws if a number overflows to infinity or underflows to zero, as in Java.</summary>
    private static double CheckRange(double value, string digits, int start)
    {
        int exponent = digits.IndexOfAny(['e', 'E']);
        bool isZero = (exponent < 0 ? digits : digits[..exponent]).AsSpan().IndexOfAnyInRange('1', '9') < 0;
        return double.IsInfinity(value) || (value == 0 && !isZero)
            ? throw new FormulaError("this number is too large or too small", start)
            : value;
    }

    private static bool IsNumberEnd(string text, int at) =>
        char.ToLowerInvariant(text[at]) is 'e' or 'f' or 'd' && (at + 1 >= text.Length || !char.IsLetter(text[at + 1]));

    private static Token IntegerToken(string digits, int radix, bool isLong, string shown, int start)
    {
        // A condition can compare a column of big numbers with a number of any size.
        const int largestDigits = 1024;
        if (radix == 10 && !isLong && digits.Length is >= 19 and <= largestDigits
            && BigInteger.Parse(digits, CultureInfo.InvariantCulture) is var big
            && big > long.MaxValue)
            return new Token(TokenKind.Int, shown, start, big);

        UInt128 value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.ToLowerInvariant(c) - 'a' + 10;
            value = (value * (uint)radix) + (uint)digit;
            if (digit >= radix || value > ulong.MaxValue)
                throw new FormulaError("this is not a number that fits into 64 bits", start);
        }

        if (digits.Length == 0 || ((radix == 10 || !isLong) && value > long.MaxValue))
            throw new FormulaError("this is not a number that fits into 64 bits", start);

        // A number too large for an int is a long.
        if (!isLong && value <= int.MaxValue)
            return new Token(TokenKind.Int, shown, start, unchecked((int)(uint)value));
        return new Token(TokenKind.Long, shown, start, unchecked((long)(ulong)value));
    }
}
