using System.Globalization;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;

namespace Wharf.Cli.Tables;

/// <summary>
/// Formats times as in ISO 8601, with all digits. The range and resolution of Arrow's types exceed those of .NET's, which end at the year 9999 and at 100
/// nanoseconds. A year outside of 0 to 9999 has a sign.
/// </summary>
internal static class ArrowTimeText
{
    private const long SecondsPerDay = 86_400;
    private const long DaysPerEra = 146_097;

    /// <summary>Formats a point in time, counted from 1970.</summary>
    public static string Stamp(long value, TimeUnit unit, bool isUtc)
    {
        var (perSecond, digits) = Resolution(unit);
        var (seconds, fraction) = Floor(value, perSecond);
        var (day, second) = Floor(seconds, SecondsPerDay);
        return $"{Day(day)}T{Clock(second)}{Fraction(fraction, digits)}{(isUtc ? "Z" : "")}";
    }

    /// <summary>Formats a day, counted from 1970.</summary>
    public static string Day(long day)
    {
        // Days since March 1 of the year 0, in eras of 400 years.
        var (era, inEra) = Floor(day + 719_468, DaysPerEra);
        var yearOfEra = (inEra - (inEra / 1_460) + (inEra / 36_524) - (inEra / 146_096)) / 365;
        var dayOfYear = inEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var dayOfMonth = dayOfYear - (((153 * month) + 2) / 5) + 1;
        var civilMonth = month < 10 ? month + 3 : month - 9;
        var year = (era * 400) + yearOfEra + (civilMonth <= 2 ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{Year(year)}-{civilMonth:00}-{dayOfMonth:00}");
    }

    /// <summary>Formats a date in milliseconds. Arrow requires whole days; a remainder is shown.</summary>
    public static string DayOfMilliseconds(long value)
    {
        var (day, rest) = Floor(value, SecondsPerDay * 1_000);
        return rest == 0 ? Day(day) : Stamp(value, TimeUnit.Millisecond, isUtc: false);
    }

    /// <summary>Formats a time of day.</summary>
    public static string Time(long value, TimeUnit unit)
    {
        var (perSecond, digits) = Resolution(unit);
        var (seconds, fraction) = Math.DivRem(value, perSecond);
        return $"{(value < 0 ? "-" : "")}{Clock(Math.Abs(seconds))}{Fraction(Math.Abs(fraction), digits)}";
    }

    /// <summary>Formats a duration: <c>PT1.5S</c>.</summary>
    public static string Duration(long value, TimeUnit unit)
    {
        var (perSecond, digits) = Resolution(unit);
        return $"PT{Amount(value, perSecond, digits)}S";
    }

    public static string Interval(YearMonthInterval interval) => string.Create(CultureInfo.InvariantCulture, $"P{interval.Months}M");

    public static string Interval(DayTimeInterval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"P{interval.Days}DT{Amount(interval.Milliseconds, 1_000, 3)}S");

    public static string Interval(MonthDayNanosecondInterval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"P{interval.Months}M{interval.Days}DT{Amount(interval.Nanoseconds, 1_000_000_000, 9)}S");

    private static string Amount(long value, long perUnit, int digits)
    {
        var (whole, fraction) = (value / perUnit, value % perUnit);
        return $"{(value < 0 && whole == 0 ? "-" : "")}{whole.ToString(CultureInfo.InvariantCulture)}{Fraction(Math.Abs(fraction), digits)}";
    }

    private static string Year(long year) => year is >= 0 and <= 9_999
        ? year.ToString("0000", CultureInfo.InvariantCulture)
        : year.ToString("+0000;-0000", CultureInfo.InvariantCulture);

    private static string Clock(long second) => string.Create(CultureInfo.InvariantCulture, $"{second / 3_600:00}:{second / 60 % 60:00}:{second % 60:00}");

    private static string Fraction(long fraction, int digits) =>
        fraction == 0 ? "" : "." + fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0');

    private static (long Quotient, long Left) Floor(long value, long divisor)
    {
        var (quotient, rest) = Math.DivRem(value, divisor);
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest);
    }

    private static (long PerSecond, int Digits) Resolution(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => (1, 0),
        TimeUnit.Millisecond => (1_000, 3),
        TimeUnit.Microsecond => (1_000_000, 6),
        _ => (1_000_000_000, 9),
    };
}
