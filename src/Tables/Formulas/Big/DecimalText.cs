using System.Globalization;
using System.Numerics;

namespace Wharf.Tables.Formulas.Big;

/// <summary>Formats decimal numbers as Java does.</summary>
internal static class DecimalText
{
    private const int SmallestPlainExponent = -6;

    /// <summary>
    /// Returns the text of Java's <c>toString</c>: without an exponent if the scale is not negative and the exponent is at least -6.
    /// </summary>
    public static string Canonical(BigDecimal number)
    {
        (string sign, string digits) = Digits(number.Unscaled);
        long exponent = digits.Length - 1 - (long)number.Scale;
        if (number.Scale >= 0 && exponent >= SmallestPlainExponent)
            return sign + WithPoint(digits, number.Scale);
        string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return exponent == 0 ? sign + mantissa : $"{sign}{mantissa}E{Signed(exponent)}";
    }

    /// <summary>Returns the text without an exponent.</summary>
    public static string Plain(BigDecimal number)
    {
        (string sign, string digits) = Digits(number.Unscaled);
        if (number.Scale > 0)
            return sign + WithPoint(digits, CheckZeros(number.Scale));
        return number.Unscaled.IsZero ? "0" : sign + digits + new string('0', CheckZeros(-(long)number.Scale));
    }

    /// <summary>Returns the text as <see cref="Canonical"/>, but with an exponent that is a multiple of three.</summary>
    public static string Engineering(BigDecimal number)
    {
        (string sign, string digits) = Digits(number.Unscaled);
        long exponent = digits.Length - 1 - (long)number.Scale;
        if (number.Scale >= 0 && exponent >= SmallestPlainExponent)
            return sign + WithPoint(digits, number.Scale);
        int before = (int)(((exponent % 3) + 3) % 3);
        exponent -= before;
        string mantissa;
        if (number.Unscaled.IsZero)
        {
            // Zero has no digits before the decimal point, so zeros follow it.
            mantissa = before switch { 0 => "0", 1 => "0.00", _ => "0.0" };
            exponent += before == 0 ? 0 : 3;
        }
        else
        {
            digits = digits.PadRight(before + 1, '0');
            mantissa = digits.Length == before + 1 ? digits : $"{digits[..(before + 1)]}.{digits[(before + 1)..]}";
        }

        return exponent == 0 ? sign + mantissa : $"{sign}{mantissa}E{Signed(exponent)}";
    }

    private static (string Sign, string Digits) Digits(BigInteger number) =>
        (number.Sign < 0 ? "-" : "", BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture));

    private static string WithPoint(string digits, int scale)
    {
        if (scale == 0)
            return digits;
        digits = digits.PadLeft(scale + 1, '0');
        return $"{digits[..^scale]}.{digits[^scale..]}";
    }

    private static string Signed(long exponent) => (exponent > 0 ? "+" : "") + exponent.ToString(CultureInfo.InvariantCulture);

    private static int CheckZeros(long zeros) =>
        zeros <= BigNumberLimits.MostDigits
            ? (int)zeros
            : throw new FormulaError($"the number has more than {BigNumberLimits.MostDigits} digits");
}
