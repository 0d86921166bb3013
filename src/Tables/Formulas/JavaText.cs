using System.Globalization;

namespace Wharf.Tables.Formulas;

/// <summary>Converts values to strings, as in a concatenation in Java.</summary>
internal static class JavaText
{
    // Where one digit is sufficient, Java uses the two that are closest.
    public static string Of(double value) =>
        Shortest(value, value.ToString("E1", CultureInfo.InvariantCulture) is var two
            && double.Parse(two, CultureInfo.InvariantCulture) == value
            ? two
            : value.ToString("R", CultureInfo.InvariantCulture));

    public static string Of(float value) =>
        Shortest(value, value.ToString("E1", CultureInfo.InvariantCulture) is var two
            && float.Parse(two, CultureInfo.InvariantCulture) == value
            ? two
            : value.ToString("R", CultureInfo.InvariantCulture));

    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => text,
        double number => Of(number),
        float number => Of(number),
        ZoneId zone => zone.Id,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Returns decimal notation from 0.001 up to ten million, and otherwise scientific notation.</summary>
    private static string Shortest(double value, string shortest)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";

        (string sign, string digits, int exponent) = Digits(shortest);
        double size = Math.Abs(value);
        if (size is >= 1e-3 and < 1e7)
        {
            if (exponent < 0)
                return sign + "0." + new string('0', -exponent - 1) + digits;
            digits = digits.PadRight(exponent + 2, '0');
            return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
        }

        return $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>
    /// Splits a shortest round-trip text into its significant digits, without zeros at either end, and the exponent of the first.
    /// </summary>
    private static (string Sign, string Digits, int Exponent) Digits(string text)
    {
        string sign = text[0] == '-' ? "-" : "";
        text = text[sign.Length..];
        int exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = exponentAt < 0
            ? 0
            : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = exponentAt < 0 ? text : text[..exponentAt];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        int zeros = digits.Length - digits.AsSpan().TrimStart('0').Length;
        return (sign, digits[zeros..].TrimEnd('0') is { Length: > 0 } kept ? kept : "0", exponent - zeros);
    }
}
