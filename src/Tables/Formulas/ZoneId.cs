namespace Wharf.Tables.Formulas;

/// <summary>
/// A time zone of formulas: a region with rules, or a fixed offset of up to 18 hours. The zones of .NET support up to 14 hours.
/// </summary>
internal sealed class ZoneId : IEquatable<ZoneId>
{
    private const long MostSeconds = 18 * 3600;

    // A longer prefix must precede a shorter one that it begins with.
    private static readonly string[] Prefixes = ["UTC", "GMT", "UT"];

    private readonly TimeZoneInfo? _rules;
    private readonly long _offset;

    private ZoneId(string id, TimeZoneInfo? rules, long offset, bool isOffset) =>
        (Id, _rules, _offset, IsOffset) = (id, rules, offset, isOffset);

    public static ZoneId Utc { get; } = new("UTC", null, 0, isOffset: false);

    /// <summary>The name of the zone.</summary>
    public string Id { get; }

    /// <summary>Whether the zone is only an offset, so that a time with the offset needs no zone name.</summary>
    public bool IsOffset { get; }

    /// <summary>Whether the offset is always the same.</summary>
    public bool IsFixed => _rules is null;

    /// <summary>Creates a zone from the rules of the platform.</summary>
    public static ZoneId Of(TimeZoneInfo rules) => new(rules.Id, rules, 0, isOffset: false);

    /// <summary>Reads an offset, alone or after <c>UTC</c>, <c>GMT</c> or <c>UT</c>.</summary>
    /// <returns>The zone, or null if the text is not an offset.</returns>
    public static ZoneId? Parse(string text)
    {
        string prefix = Prefixes.FirstOrDefault(known => text.StartsWith(known, StringComparison.Ordinal)) ?? "";
        ReadOnlySpan<char> rest = text.AsSpan(prefix.Length);
        if (prefix.Length > 0 && rest.IsEmpty)
            return new ZoneId(prefix, null, 0, isOffset: false);
        if ((prefix.Length > 0 && rest is "Z") || Offset(rest) is not { } seconds)
            return null;
        string shown = FormatOffset(seconds);
        return prefix.Length == 0
            ? new ZoneId(shown, null, seconds * IsoTime.NanosPerSecond, isOffset: true)
            : new ZoneId(seconds == 0 ? prefix : prefix + shown, null, seconds * IsoTime.NanosPerSecond, isOffset: false);
    }

    /// <summary>Formats an offset as Java does.</summary>
    /// <param name="seconds">The offset of local time in seconds.</param>
    public static string FormatOffset(long seconds)
    {
        if (seconds == 0)
            return "Z";
        long size = Math.Abs(seconds);
        string text = $"{(seconds < 0 ? '-' : '+')}{size / 3600:D2}:{size % 3600 / 60:D2}";
        return size % 60 == 0 ? text : $"{text}:{size % 60:D2}";
    }

    /// <summary>Returns the offset of local time at an instant.</summary>
    public long OffsetNanos(long epochNanos) => _rules is null
        ? _offset
        : _rules.GetUtcOffset(new DateTime(DateTime.UnixEpoch.Ticks + Math.DivRem(epochNanos, 100).Quotient, DateTimeKind.Utc)).Ticks * 100;

    /// <summary>Zones are equal if their names are equal.</summary>
    public bool Equals(ZoneId? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ZoneId);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Id;

    /// <summary>
    /// Parses <c>Z</c>, <c>+h</c>, <c>+hh</c>, <c>+hh:mm</c>, <c>+hhmm</c>, <c>+hh:mm:ss</c> and <c>+hhmmss</c> to seconds.
    /// </summary>
    private static long? Offset(ReadOnlySpan<char> text)
    {
        if (text is "Z")
            return 0;
        if (text.Length < 2 || text[0] is not ('+' or '-'))
            return null;
        ReadOnlySpan<char> rest = text[1..];
        bool hasColons = rest.Contains(':');
        if (hasColons && rest.Length is not (5 or 8) || (hasColons && (rest[2] != ':' || (rest.Length == 8 && rest[5] != ':'))))
            return null;
        string digits = rest.ToString().Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is not (1 or 2 or 4 or 6) || digits.AsSpan().ContainsAnyExceptInRange('0', '9')
            || (hasColons && digits.Length != (rest.Length == 5 ? 4 : 6)))
            return null;
        int hours = Part(0), minutes = digits.Length >= 4 ? Part(2) : 0, seconds = digits.Length == 6 ? Part(4) : 0;
        long total = (hours * 3600L) + (minutes * 60) + seconds;
        if (minutes > 59 || seconds > 59 || total > MostSeconds)
            return null;
        return text[0] == '-' ? -total : total;

        int Part(int at)
        {
            int value = 0;
            foreach (char digit in digits.AsSpan(at, Math.Min(2, digits.Length - at)))
                value = (value * 10) + digit - '0';
            return value;
        }
    }
}
