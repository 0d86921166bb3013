using System.Globalization;
using System.Text.RegularExpressions;

namespace Wharf.Server.Settings;

/// <summary>
/// Validates values more strictly than the converters of .NET, which accept "5" as five days, "24:00:00" as twenty-four days, "1:30" as an hour and a
/// half, and "0x10" as sixteen.
/// </summary>
internal static partial class SettingValues
{
    /// <summary>The maximum time of a timer, in whole days.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(24);

    /// <summary>Returns the reason why a value is invalid.</summary>
    /// <param name="type">The type of the setting.</param>
    /// <param name="text">The value.</param>
    /// <returns>The end of a sentence that begins with the setting's name; null for a valid value.</returns>
    public static string? Problem(Type type, string text)
    {
        var value = text.Trim();
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return value.Length == 0 ? null : Problem(underlying, text);
        if (type == typeof(string))
            return null;
        if (value.Length == 0)
            return "is empty; remove it to use the default";
        return type == typeof(TimeSpan) ? ProblemOfTime(value)
            : type == typeof(int) ? ProblemOfNumber(value, int.MaxValue)
            : type == typeof(long) ? ProblemOfNumber(value, long.MaxValue)
            : type == typeof(double) ? ProblemOfFraction(value)
            : type == typeof(bool) ? bool.TryParse(value, out _) ? null : $"is '{value}', but must be true or false"
            : type.IsEnum ? ProblemOfName(type, value)
            : null;
    }

    private static string? ProblemOfTime(string value)
    {
        if (!Time().IsMatch(value) || !TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time))
        {
            return $"is '{value}', but must be a time as hours:minutes:seconds (00:00:05, 00:05:00, 12:00:00) "
                + $"or days.hours:minutes:seconds (2.00:00:00){Advice(value)}";
        }

        return time < TimeSpan.Zero ? $"is '{value}', but must not be negative"
            : time > LongestTime ? $"is '{value}', but must be at most {LongestTime:c}"
            : null;
    }

    // A number without a unit may mean seconds, or days as in .NET.
    private static string Advice(string value) =>
        NumberWithUnit().Match(value) is { Success: true } match && double.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number)
            && (match.Groups[2].Value.ToUpperInvariant() switch
            {
                "MS" => 0.001,
                "" or "S" or "SEC" => 1,
                "M" or "MIN" => 60,
                "H" => 3600,
                "D" => 86_400,
                _ => 0,
            }) is > 0 and var unit && number * unit < LongestTime.TotalSeconds
                ? $". For {number * unit} seconds it is {TimeSpan.FromSeconds(number * unit):c}"
                : "";

    private static string? ProblemOfNumber(string value, long most)
    {
        if (!WholeNumber().IsMatch(value))
            return $"is '{value}', but must be a whole number in decimal digits, without a unit";
        if (value[0] == '-')
            return $"is '{value}', but must not be negative";
        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? null
            : $"is '{value}', but must be at most {most}";
    }

    private static string? ProblemOfFraction(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? null
            : $"is '{value}', but must be a number such as 0.5";

    private static string? ProblemOfName(Type type, string value) =>
        Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"is '{value}', but must be {string.Join(" or ", Enum.GetNames(type))}";

    [GeneratedRegex(@"^-?(\d{1,8}\.)?([01]?\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"^(\d{1,12}(?:\.\d{1,6})?)\s*([A-Za-z]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberWithUnit();

    [GeneratedRegex(@"^-?\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex WholeNumber();
}
