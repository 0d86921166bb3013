namespace Wharf.Tables;

/// <summary>
/// Estimates the memory in use: the last measurement plus the bytes reserved since. A measurement includes garbage, so one above the bound
/// is repeated after a collection. Collections take at most a tenth of the time.
/// </summary>
/// <param name="gauge">Measures the process.</param>
/// <param name="bound">The number of bytes at which the process rejects new work.</param>
/// <param name="time">The clock.</param>
internal sealed class MemoryPressure(MemoryGauge gauge, long bound, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private long _measured = gauge.Used;
    private long _reservedThen;
    private long _measuredAt = time.GetTimestamp();
    private long _collectAgain = long.MinValue;

    /// <summary>Returns the estimate for the bytes that are reserved now.</summary>
    public long Estimate(long reserved) => Volatile.Read(ref _measured) + Math.Max(0, reserved - Volatile.Read(ref _reservedThen));

    /// <summary>Returns whether an allocation would exceed the bound.</summary>
    public bool IsOver(long reserved, long bytes) => bytes > bound - Math.Min(bound, Estimate(reserved));

    /// <summary>Measures, without a collection, unless the last measurement is recent.</summary>
    public void Refresh(long reserved)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _measuredAt)) > Fresh)
            Set(gauge.Used, reserved);
    }

    /// <summary>Measures, and collects garbage if the result is above the bound.</summary>
    /// <param name="reserved">The bytes that are reserved now.</param>
    /// <param name="bytes">The size of the allocation.</param>
    public void Measure(long reserved, long bytes)
    {
        // A thread that waits for the collection of another thread uses its result.
        lock (_gate)
        {
            Set(gauge.Used, reserved);
            if (!IsOver(reserved, bytes) || time.GetTimestamp() < _collectAgain)
                return;
            var start = time.GetTimestamp();
            gauge.Collect();
            var end = time.GetTimestamp();
            _collectAgain = end + Math.Max((end - start) * 9, ShortestPause.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);
            Set(gauge.Used, reserved);
        }
    }

    private void Set(long measured, long reserved)
    {
        Volatile.Write(ref _measuredAt, time.GetTimestamp());
        Volatile.Write(ref _reservedThen, reserved);
        Volatile.Write(ref _measured, measured);
    }
}
