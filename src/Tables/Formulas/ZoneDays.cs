using System.Runtime.CompilerServices;

namespace Wharf.Tables;

/// <summary>Caches the offsets of a time zone by day: looking them up takes longer than the rest of a function of time.</summary>
internal sealed class ZoneDays(ZoneId zone)
{
    private const int Days = 1024;
    private const long Mixed = long.MinValue;

    // Per thread, to avoid synchronization.
    [ThreadStatic]
    private static Dictionary<string, ZoneDays>? _all;

    [ThreadStatic]
    private static ZoneDays? _last;

    private readonly long[] _days = Filled();
    private readonly long[] _offsets = new long[Days];

    /// <summary>Returns the cache of a zone for this thread.</summary>
    public static ZoneDays Of(ZoneId zone)
    {
        if (_last is { } last && ReferenceEquals(last.Zone, zone))
            return last;
        const int kept = 64;
        _all ??= new Dictionary<string, ZoneDays>(StringComparer.Ordinal);
        if (_all.TryGetValue(zone.Id, out ZoneDays? known) && ReferenceEquals(known.Zone, zone))
            return _last = known;
        if (_all.Count >= kept)
            _all.Clear();
        return _last = _all[zone.Id] = new ZoneDays(zone);
    }

    private ZoneId Zone => zone;

    /// <summary>Returns the offset of local time at an instant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long OffsetNanos(long epochNanos)
    {
        long day = TimeText.FloorDays(epochNanos);
        int slot = (int)(day & (Days - 1));
        if (_days[slot] != day)
        {
            // The offset changes at most once a day, so it is constant if it is equal at both ends.
            long first = Ask(day * TimeText.NanosPerDay), last = Ask(((day + 1) * TimeText.NanosPerDay) - 1);
            (_days[slot], _offsets[slot]) = (day, first == last ? first : Mixed);
        }

        return _offsets[slot] is var offset && offset != Mixed ? offset : Ask(epochNanos);
    }

    private long Ask(long epochNanos) => zone.OffsetNanos(epochNanos);

    private static long[] Filled()
    {
        long[] days = new long[Days];
        Array.Fill(days, long.MinValue);
        return days;
    }
}
