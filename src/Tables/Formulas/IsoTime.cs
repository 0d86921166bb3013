using System.Globalization;
using System.Text.RegularExpressions;

namespace Wharf.Tables.Formulas;

/// <summary>Formats and parses times in ISO 8601 formats, as in literals in single quotes.</summary>
internal static partial class IsoTime
{
    public const long NanosPerSecond = 1_000_000_000;
    public const long NanosPerDay = 86_400 * NanosPerSecond;
    public const long MillisPerDay = 86_400_000;

    public static string Instant(long nanos) =>
        Date(FloorDays(nanos)) + "T" + Clock(nanos - (FloorDays(nanos) * NanosPerDay), alwaysSeconds: true) + "Z";

    public static string LocalDate(long millis) => Date(Math.DivRem(millis, MillisPerDay).Quotient - (millis % MillisPerDay < 0 ? 1 : 0));

    public static string LocalTime(long nanos) => Clock(nanos, alwaysSeconds: false);

    public static string Duration(long nanos)
    {
        if (nanos == 0)
            return "PT0S";
        (long seconds, long fraction) = Math.DivRem(nanos, NanosPerSecond);
        (long hours, long minutes, seconds) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
        string text = hours == 0 ? "PT" : string.Create(CultureInfo.InvariantCulture, $"PT{hours}H");
        text += minutes == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{minutes}M");
        if (seconds == 0 && fraction == 0)
            return text;
        string sign = nanos < 0 ? "-" : "";
        string digits = fraction == 0 ? "" : "." + Math.Abs(fraction).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return $"{text}{sign}{Math.Abs(seconds)}{digits}S";
    }

    public static string Zoned(ZonedInstant moment)
    {
        long offset = TimeZones.OffsetNanos(moment.Zone, moment.EpochNanos);
        (long day, long clock) = Local(moment.EpochNanos, offset);
        string date = Date(day) + "T" + Clock(clock, alwaysSeconds: false);
        return date + ZoneId.FormatOffset(offset / NanosPerSecond) + (moment.Zone.IsOffset ? "" : $"[{moment.Zone.Id}]");
    }

    /// <summary>Returns the local date and time of day. Near the limits of an instant, their sum would overflow.</summary>
    public static (long Day, long Clock) Local(long epochNanos, long offset)
    {
        long day = FloorDays(epochNanos), clock = epochNanos - unchecked(day * NanosPerDay) + offset, moved = FloorDays(clock);
        return (day + moved, clock - (moved * NanosPerDay));
    }

    public static long FloorDays(long nanos) => nanos < 0 ? ((nanos + 1) / NanosPerDay) - 1 : nanos / NanosPerDay;

    public static DateTime DateOfDay(long epochDay) => DateTime.UnixEpoch.AddDays(epochDay);

    /// <summary>Formats a fraction of a second as nine digits.</summary>
    public static string Nanos(long fraction) => fraction.ToString("D9", CultureInfo.InvariantCulture);

    private static bool IsOffset(ReadOnlySpan<char> text) =>
        text is "Z" || (text.Length is 3 or 6 or 9 && text[0] is '+' or '-' && (text.Length == 3 || text[3] == ':'));

    private static long? ParseExactDate(ReadOnlySpan<char> text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? (date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * MillisPerDay
            : null;

    public static long? ParseLocalDate(ReadOnlySpan<char> text) =>
        ParseExactDate(text) ?? (text.Length == 10 && text[8..] is "29" or "30" or "31" ? LastOfMonth(text) : null);

    /// <summary>Like <see cref="ParseLocalDate"/>, but accepts one digit for the month or the day.</summary>
    public static long? ReadLocalDate(string text) =>
        text.Split('-') is [{ Length: 4 } year, { Length: 1 or 2 } month, { Length: 1 or 2 } day]
        ? ParseLocalDate($"{year}-{month.PadLeft(2, '0')}-{day.PadLeft(2, '0')}")
        : null;

    /// <summary>Like <see cref="ParseLocalTime"/>, but accepts one digit for the hour or the minute, and 24:00.</summary>
    public static long? ReadLocalTime(string text)
    {
        int hour = text.IndexOf(':', StringComparison.Ordinal);
        if (hour is not (1 or 2))
            return null;
        int minute = text.AsSpan(hour + 1) is var behind && behind.IndexOf(':') is >= 0 and var found ? found : behind.Length;
        string padded = text[..hour].PadLeft(2, '0') + ":" + (minute == 1 ? "0" : "") + text[(hour + 1)..];
        return padded is "24:00" or "24:00:00" ? 0 : ParseLocalTime(padded);
    }

    // As in Java, a day beyond the end of the month is its last day.
    private static long? LastOfMonth(ReadOnlySpan<char> text) =>
        DateTime.TryParseExact(text[..7], "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime month)
            ? ((long)(month - DateTime.UnixEpoch).TotalDays + DateTime.DaysInMonth(month.Year, month.Month) - 1) * MillisPerDay
            : null;

    /// <summary>Parses <c>12:34</c>, <c>12:34:56</c> or <c>12:34:56.789</c>.</summary>
    public static long? ParseLocalTime(ReadOnlySpan<char> text)
    {
        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        if (!TimeOnly.TryParseExact(whole, ["HH:mm:ss", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
            return null;
        long nanos = time.Ticks * 100;
        if (point < 0)
            return nanos;
        ReadOnlySpan<char> fraction = text[(point + 1)..];
        if (whole.Length != 8 || fraction.Length is 0 or > 9 || fraction.ContainsAnyExceptInRange('0', '9'))
            return null;
        return nanos + long.Parse(fraction.ToString().PadRight(9, '0'), CultureInfo.InvariantCulture);
    }

    /// <summary>Parses <c>2020-01-01T09:30:00 ET</c>: date, time, and a zone after a blank, or an offset.</summary>
    public static long? ParseInstant(string text)
    {
        ZonedInstant? moment = ParseZoned(text);
        return moment?.EpochNanos;
    }

    public static ZonedInstant? ParseZoned(string text)
    {
        int split = text.IndexOfAny(['T', ' ']);
        if (split < 0)
            return null;

        // A date, with or without a trailing T, is its midnight.
        int begin = text[split] == 'T' ? split + 1 : split, end = begin;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is ':' or '.'))
            end++;

        // Directly after the time there is Z or an offset, and the date must be valid; after a blank any zone.
        bool isPlain = end < text.Length && text[end] != ' ';
        string day = text[..split], clock = text[begin..end];
        if ((isPlain && (clock.Length == 0 || !IsOffset(text.AsSpan(end))))
            || (isPlain ? ParseExactDate(day) : ReadLocalDate(day)) is not { } millis)
            return null;
        if (text[split] == ' ' && ParseLocalDate(day) is null)
            return null;
        if ((clock.Length == 0 ? 0 : isPlain ? ParseLocalTime(clock) : ReadLocalTime(clock)) is not { } time
            || TimeZones.TryFind(text[end..].Trim(' ')) is not { } zone)
            return null;

        // 24:00 is the midnight of the next day.
        Int128 local = ((Int128)millis * 1_000_000) + time + (clock.StartsWith("24", StringComparison.Ordinal) ? NanosPerDay : 0);
        Int128 moment = TimeZones.ToEpoch(zone, local);
        return moment > long.MinValue && moment <= long.MaxValue ? new ZonedInstant((long)moment, zone) : null;
    }

    /// <summary>Parses <c>2020-01-01T12:34:56</c>, or a date, which is its midnight.</summary>
    public static LocalTimestamp? ParseLocalDateTime(string text)
    {
        int split = text.IndexOf('T', StringComparison.Ordinal);
        if (ParseLocalDate(split < 0 ? text : text.AsSpan(0, split)) is not { } millis)
            return null;
        if (split < 0 || split == text.Length - 1)
            return new LocalTimestamp(millis * 1_000_000);
        return ParseLocalTime(text.AsSpan(split + 1)) is { } time ? new LocalTimestamp((millis * 1_000_000) + time) : null;
    }

    /// <summary>Parses <c>PT1H30M5.5S</c>; days have 24 hours.</summary>
    public static long? ParseDuration(string text)
    {
        if (ParseClockDuration(text) is { } clock)
            return clock;
        return DurationPattern().Match(text) is { Success: true } match && match.Length > match.Groups["start"].Length
            && text[^1] is not ('T' or 't')
            ? Nanos(match)
            : null;
    }

    // As in Java, only seconds can have a fraction, of at most nine digits.
    [GeneratedRegex(
        @"\A(?<start>(?<sign>[+-]?)P)(?:(?<days>[+-]?[0-9]{1,18})D)?"
        + @"(?:T(?:(?<hours>[+-]?[0-9]{1,18})H)?(?:(?<minutes>[+-]?[0-9]{1,18})M)?"
        + @"(?:(?<seconds>[+-]?[0-9]{1,18})(?:[.,](?<fraction>[0-9]{0,9}))?S)?)?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DurationPattern();

    private static long? Nanos(Match match)
    {
        Int128 seconds = (Part("days") * 86_400) + (Part("hours") * 3600) + (Part("minutes") * 60) + Part("seconds");
        string digits = match.Groups["fraction"].Value.PadRight(9, '0');
        Int128 fraction = long.Parse(digits, CultureInfo.InvariantCulture);
        Int128 nanos = (seconds * NanosPerSecond) + (match.Groups["seconds"].Value.StartsWith('-') ? -fraction : fraction);
        nanos = match.Groups["sign"].Value == "-" ? -nanos : nanos;
        return Int128.Abs(nanos) <= long.MaxValue ? (long)nanos : null;

        Int128 Part(string name) =>
            match.Groups[name] is { Success: true, Value: var text }
                ? long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
                : 0;
    }

    /// <summary>Parses <c>PT1:30:00.5</c>: hours, minutes, seconds.</summary>
    private static long? ParseClockDuration(string text)
    {
        int sign = text.StartsWith('-') ? -1 : 1;
        ReadOnlySpan<char> rest = text.AsSpan(sign < 0 ? 1 : 0);
        if (!rest.StartsWith("PT", StringComparison.OrdinalIgnoreCase))
            return null;
        rest = rest[2..];
        if (rest.StartsWith("-", StringComparison.Ordinal))
        {
            sign = -sign;
            rest = rest[1..];
        }

        string[] parts = rest.ToString().Split(':');
        if (parts.Length is not (2 or 3))
            return null;
        int point = parts[^1].IndexOf('.', StringComparison.Ordinal);
        string fraction = point < 0 ? "" : parts[^1][(point + 1)..];
        if (point >= 0)
            parts[^1] = parts[^1][..point];
        if ((point >= 0 && fraction.Length is 0 or > 9) || parts.Append(fraction)
            .Any(static part => part.Length > 9 || part.AsSpan().ContainsAnyExceptInRange('0', '9'))
            || parts.Any(static part => part.Length == 0))
            return null;
        long seconds = (long.Parse(parts[0], CultureInfo.InvariantCulture) * 3600)
            + (long.Parse(parts[1], CultureInfo.InvariantCulture) * 60)
            + (parts.Length == 3 ? long.Parse(parts[2], CultureInfo.InvariantCulture) : 0);
        Int128 nanos = ((Int128)seconds * NanosPerSecond)
            + (fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(9, '0'), CultureInfo.InvariantCulture));
        return nanos <= long.MaxValue ? sign * (long)nanos : null;
    }

    /// <summary>Parses <c>P1Y2M3D</c>.</summary>
    public static Period? ParsePeriod(string text)
    {
        if (text.Contains('T', StringComparison.OrdinalIgnoreCase)
            || !Units(text.ToUpperInvariant(), "YMWD", "", out Dictionary<char, decimal>? units)
            || units.Values.Any(static n => n % 1 != 0 || Math.Abs(n) > 1_000_000_000))
            return null;
        return new Period((int)units.GetValueOrDefault('Y'), (int)units.GetValueOrDefault('M'),
            (int)((units.GetValueOrDefault('W') * 7) + units.GetValueOrDefault('D')));
    }

    /// <summary>Parses numbers, each followed by a letter; units of the time part are returned in lower case.</summary>
    private static bool Units(string text, string dateUnits, string timeUnits, out Dictionary<char, decimal> units)
    {
        units = [];
        int at = text.StartsWith('-') ? 1 : 0;
        decimal sign = at == 1 ? -1 : 1;
        if (at >= text.Length || text[at++] != 'P')
            return false;
        bool inTime = false;
        int count = 0;
        while (at < text.Length)
        {
            if (text[at] == 'T' && !inTime)
            {
                inTime = true;
                at++;
                continue;
            }

            int start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '-' or '+' or '.'))
                at++;
            if (at >= text.Length || at - start > 20
                || !decimal.TryParse(
                    text.AsSpan(start, at - start), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture, out decimal number))
                return false;
            char unit = text[at++];
            if (!(inTime ? timeUnits : dateUnits).Contains(unit, StringComparison.Ordinal)
                || !units.TryAdd(inTime ? char.ToLowerInvariant(unit) : unit, sign * number))
                return false;
            count++;
        }

        return count > 0;
    }

    private static string Date(long epochDay) => DateOfDay(epochDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Clock(long nanosOfDay, bool alwaysSeconds)
    {
        (long seconds, long fraction) = Math.DivRem(nanosOfDay, NanosPerSecond);
        string text = $"{seconds / 3600:D2}:{seconds % 3600 / 60:D2}";
        if (!alwaysSeconds && seconds % 60 == 0 && fraction == 0)
            return text;
        text += $":{seconds % 60:D2}";
        if (fraction == 0)
            return text;

        // Three, six or nine digits.
        string digits = Nanos(fraction);
        return text + "." + (fraction % 1_000_000 == 0 ? digits[..3] : fraction % 1000 == 0 ? digits[..6] : digits);
    }
}

/// <summary>An amount of calendar time.</summary>
/// <param name="Years">Whole years.</param>
/// <param name="Months">Whole months.</param>
/// <param name="Days">Whole days.</param>
internal sealed record Period(int Years, int Months, int Days)
{
    public Period Plus(Period other, int sign) =>
        checked(new Period(Years + (sign * other.Years), Months + (sign * other.Months), Days + (sign * other.Days)));

    public Period Times(int factor) => checked(new Period(Years * factor, Months * factor, Days * factor));

    /// <inheritdoc/>
    public override string ToString() =>
        (Years, Months, Days) == (0, 0, 0) ? "P0D" : "P" + (Years == 0 ? "" : Years + "Y") + (Months == 0 ? "" : Months + "M")
            + (Days == 0 ? "" : Days + "D");
}

/// <summary>A date and a time of day without a time zone.</summary>
/// <param name="Nanos">The nanoseconds since 1970-01-01T00:00.</param>
internal sealed record LocalTimestamp(long Nanos) : IComparable<LocalTimestamp>, IComparable
{
    /// <summary>The date, in milliseconds.</summary>
    public long Date => IsoTime.FloorDays(Nanos) * IsoTime.MillisPerDay;

    /// <summary>The time of day, in nanoseconds.</summary>
    public long Clock => Nanos - (IsoTime.FloorDays(Nanos) * IsoTime.NanosPerDay);

    /// <inheritdoc/>
    public int CompareTo(LocalTimestamp? other) => other is null ? 1 : Nanos.CompareTo(other.Nanos);

    int IComparable.CompareTo(object? other) => CompareTo((LocalTimestamp?)other);

    /// <inheritdoc/>
    public override string ToString() => IsoTime.LocalDate(Date) + "T" + IsoTime.LocalTime(Clock);
}

/// <summary>A day of the week, shown by its name.</summary>
/// <param name="Day">The day.</param>
internal sealed record Weekday(DayOfWeek Day) : IComparable
{
    // Weeks begin on Monday.
    private int Number => ((int)Day + 6) % 7;

    int IComparable.CompareTo(object? other) => other is Weekday day ? Number.CompareTo(day.Number) : 1;

    /// <inheritdoc/>
    public override string ToString() => Day.ToString().ToUpperInvariant();
}
