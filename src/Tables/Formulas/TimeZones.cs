using System.Collections.Concurrent;

namespace Wharf.Tables;

/// <summary>Finds time zones by the names that formulas use.</summary>
internal static class TimeZones
{
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["ET"] = "America/New_York", ["CT"] = "America/Chicago", ["MT"] = "America/Denver", ["PT"] = "America/Los_Angeles",
        ["HK"] = "Asia/Hong_Kong", ["JP"] = "Asia/Tokyo", ["LON"] = "Europe/London",
    };

    private static readonly Dictionary<string, string> Shown =
        Short.GroupBy(static pair => pair.Value, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.First().Key, StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, TimeZoneInfo?> Found = new(StringComparer.Ordinal);

    public static TimeZoneInfo? TryFind(string name)
    {
        if (name == "UTC")
            return TimeZoneInfo.Utc;

        // Java knows no zones by these names, which the system has.
        if (name.Length is 0 or > 64 || name is "EST" or "MST" or "HST" or "ROC")
            return null;

        // Names come from callers: keep what exists, never what does not.
        if (Found.TryGetValue(name, out TimeZoneInfo? zone))
            return zone;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(Short.GetValueOrDefault(name, name), out zone) || !zone.HasIanaId) // no names of Windows
            return Offset(name);
        return Found[name] = zone;
    }

    /// <summary>The short name of a zone, if it has one; otherwise its own.</summary>
    public static string ShortName(TimeZoneInfo zone) => Shown.GetValueOrDefault(zone.Id, zone.Id);

    /// <summary>How far local time is ahead at a moment.</summary>
    public static long OffsetNanos(TimeZoneInfo zone, long epochNanos)
    {
        if (ReferenceEquals(zone, TimeZoneInfo.Utc))
            return 0;
        return ZoneDays.Of(zone).OffsetNanos(epochNanos);
    }

    /// <summary>The moment that a local time means; of two, the earlier. A time that the clocks pass over is as much later as they go forward.</summary>
    public static long ToEpoch(TimeZoneInfo zone, long localNanos)
    {
        // No zone is further from UTC than this.
        const long furthest = 15 * 3_600_000_000_000;
        long before = OffsetNanos(zone, localNanos - furthest), after = OffsetNanos(zone, localNanos + furthest);
        if (before == after || OffsetNanos(zone, localNanos - before) == before)
            return localNanos - before;
        return localNanos - (OffsetNanos(zone, localNanos - after) == after ? after : before);
    }

    private static TimeZoneInfo? Offset(string name)
    {
        if (name == "Z")
            return TimeZoneInfo.CreateCustomTimeZone(name, TimeSpan.Zero, name, name);
        if (name[0] is not ('+' or '-') || !TimeSpan.TryParseExact(name.AsSpan(1), ["hh\\:mm", "hhmm", "hh", "%h"], null, out TimeSpan offset) || offset.TotalHours > 14)
            return null;
        offset = name[0] == '-' ? -offset : offset;
        string shown = offset == TimeSpan.Zero ? "Z" : $"{name[0]}{offset.Duration():hh\\:mm}";
        return TimeZoneInfo.CreateCustomTimeZone(shown, offset, shown, shown);
    }
}

/// <summary>A moment together with the zone in which it is looked at.</summary>
/// <param name="EpochNanos">Nanoseconds since 1970.</param>
/// <param name="Zone">The zone.</param>
internal sealed record ZonedMoment(long EpochNanos, TimeZoneInfo Zone) : IComparable<ZonedMoment>, IComparable
{
    /// <summary>By the moment; of one moment in several zones, by what the clocks show there.</summary>
    public int CompareTo(ZonedMoment? other) => other is null ? 1
        : EpochNanos != other.EpochNanos ? EpochNanos.CompareTo(other.EpochNanos)
        : TimeZones.OffsetNanos(Zone, EpochNanos) is var ahead && ahead != TimeZones.OffsetNanos(other.Zone, EpochNanos) ? ahead.CompareTo(TimeZones.OffsetNanos(other.Zone, EpochNanos))
        : string.CompareOrdinal(Zone.Id, other.Zone.Id);

    int IComparable.CompareTo(object? other) => CompareTo((ZonedMoment?)other);

    /// <inheritdoc/>
    public override string ToString() => TimeText.Zoned(this);
}
