using System.Collections.Concurrent;

namespace Wharf.Tables.Formulas;

/// <summary>Finds time zones by the names that formulas use.</summary>
internal static class TimeZones
{
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["ET"] = "America/New_York", ["CT"] = "America/Chicago", ["MT"] = "America/Denver", ["PT"] = "America/Los_Angeles",
        ["HK"] = "Asia/Hong_Kong", ["JP"] = "Asia/Tokyo", ["LON"] = "Europe/London",
    };

    private static readonly Dictionary<string, string> Shown =
        Short.GroupBy(static pair => pair.Value, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First().Key, StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, ZoneId?> Found = new(StringComparer.Ordinal);

    /// <summary>Finds a zone by its name in a formula: a short name, a region, or an offset.</summary>
    public static ZoneId? TryFind(string name) => TryFindStored(Short.GetValueOrDefault(name, name));

    /// <summary>Finds a zone by its name in a column: a region or an offset.</summary>
    public static ZoneId? TryFindStored(string name)
    {
        if (name == "UTC")
            return ZoneId.Utc;

        // Java does not have these zones, but the system does.
        if (name.Length is 0 or > 64 || name is "EST" or "MST" or "HST" or "ROC")
            return null;

        // Names come from callers: only existing names are cached.
        if (Found.TryGetValue(name, out ZoneId? zone))
            return zone;
        if (ZoneId.Parse(name) is { } offset)
            return offset;

        // The platform also finds zones by their Windows names.
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? rules) && rules.HasIanaId
            ? Found[name] = ZoneId.Of(rules)
            : null;
    }

    /// <summary>Returns the short name of a zone, or its id if it has none.</summary>
    public static string ShortName(ZoneId zone) => Shown.GetValueOrDefault(zone.Id, zone.Id);

    /// <summary>Returns the offset of local time at an instant.</summary>
    public static long OffsetNanos(ZoneId zone, long epochNanos) =>
        zone.IsFixed ? zone.OffsetNanos(epochNanos) : ZoneOffsetCache.Of(zone).OffsetNanos(epochNanos);

    /// <summary>
    /// Returns the instant of a local time; if there are two, the earlier one. A local time in a gap is moved later by the length of the
    /// gap.
    /// </summary>
    public static long ToEpoch(ZoneId zone, long localNanos) => checked((long)ToEpoch(zone, (Int128)localNanos));

    /// <inheritdoc cref="ToEpoch(ZoneId, long)"/>
    public static Int128 ToEpoch(ZoneId zone, Int128 localNanos)
    {
        // The offsets of all regions are smaller.
        const long furthest = 15 * 3_600_000_000_000;
        if (zone.IsFixed)
            return localNanos - zone.OffsetNanos(0);
        long before = Offset(localNanos - furthest), after = Offset(localNanos + furthest);
        if (before == after || Offset(localNanos - before) == before)
            return localNanos - before;
        return localNanos - (Offset(localNanos - after) == after ? after : before);

        // The offset at a limit also applies beyond it.
        long Offset(Int128 moment) => OffsetNanos(zone, (long)Int128.Clamp(moment, long.MinValue, long.MaxValue));
    }
}

/// <summary>An instant with a time zone.</summary>
/// <param name="EpochNanos">The nanoseconds since 1970.</param>
/// <param name="Zone">The zone.</param>
internal sealed record ZonedInstant(long EpochNanos, ZoneId Zone) : IComparable<ZonedInstant>, IComparable
{
    /// <summary>Compares the instants; if they are equal, the local times.</summary>
    public int CompareTo(ZonedInstant? other) => other is null ? 1
        : EpochNanos != other.EpochNanos ? EpochNanos.CompareTo(other.EpochNanos)
        : TimeZones.OffsetNanos(Zone, EpochNanos) is var ahead && ahead != TimeZones.OffsetNanos(other.Zone, EpochNanos)
            ? ahead.CompareTo(TimeZones.OffsetNanos(other.Zone, EpochNanos))
        : string.CompareOrdinal(Zone.Id, other.Zone.Id);

    int IComparable.CompareTo(object? other) => CompareTo((ZonedInstant?)other);

    /// <inheritdoc/>
    public override string ToString() => IsoTime.Zoned(this);
}
