using System.Runtime.CompilerServices;

namespace Wharf.Tables.Formulas;

/// <summary>Caches the offsets of a time zone by day: looking them up takes longer than the rest of a function of time.</summary>
internal sealed class ZoneOffsetCache(ZoneId zone)
{
    private const int Days = 1024;
    private const long Mixed = long.MinValue;

    // Per thread, to avoid synchronization.
    [ThreadStatic]
    private static Dictionary<string, ZoneOffsetCache>? _all;

    [ThreadStatic]
    private static ZoneOffsetCache? _last;

    private readonly long[] _days = Filled();
    private readonly long[] _offsets = new long[Days];

    /// <summary>Returns the cache of a zone for this thread.</summary>
    public static ZoneOffsetCache Of(ZoneId zone)
    {
        if (_last is { } last && ReferenceEquals(last.Zone, zone))
            return last;
        const int kept = 64;
        _all ??= new Dictionary<string, ZoneOffsetCache>(StringComparer.Ordinal);
        if (_all.TryGetValue(zone.Id, out ZoneOffsetCache? known) && ReferenceEquals(known.Zone, zone))
            return _last = known;
        if (_all.Count >= kept)
            _all.Clear();
        return _last = _all[zone.Id] = new ZoneOffsetCache(zone);
    }

    private ZoneId Zone => zone;

    /// <summary>Returns the offset of local time at an instant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long OffsetNanos(long epochNanos)
    {
        long day = IsoTime.FloorDays(epochNanos);
        int slot = (int)(day & (Days - 1));
        if (_days[slot] != day)
        {
            // The offset changes at most once a day, so it is constant if it is equal at both ends.
            long first = Lookup(day * IsoTime.NanosPerDay), last = Lookup(((day + 1) * IsoTime.NanosPerDay) - 1);
            (_days[slot], _offsets[slot]) = (day, first == last ? first : Mixed);
        }

        return _offsets[slot] is var offset && offset != Mixed ? offset : Lookup(epochNanos);
    }

    private long Lookup(long epochNanos) => zone.OffsetNanos(epochNanos);

    private static long[] Filled()
    {
        long[] days = new long[Days];
        Array.Fill(days, long.MinValue);
        return days;
    }
}
