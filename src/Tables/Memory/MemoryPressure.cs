namespace Wharf.Tables;

/// <summary>
/// Estimates how much memory is in use. The estimate is the last measurement plus what was reserved since. A measurement contains garbage, so one that is over the bound is repeated after a
/// collection. Collections are limited to a tenth of the time.
/// </summary>
/// <param name="gauge">Measures the process.</param>
/// <param name="bound">The bytes at which the process refuses new work.</param>
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

    /// <summary>The estimate, given what is reserved now.</summary>
    public long Estimate(long reserved) => Volatile.Read(ref _measured) + Math.Max(0, reserved - Volatile.Read(ref _reservedThen));

    /// <summary>Whether an allocation of that many bytes would exceed the bound.</summary>
    public bool IsOver(long reserved, long bytes) => bytes > bound - Math.Min(bound, Estimate(reserved));

    /// <summary>Measures unless that was done a moment ago. Does not collect.</summary>
    public void Refresh(long reserved)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _measuredAt)) > Fresh)
            Set(gauge.Used, reserved);
    }

    /// <summary>Measures, and collects if the result is over the bound.</summary>
    /// <param name="reserved">What is reserved now.</param>
    /// <param name="bytes">What is to be allocated.</param>
    public void Measure(long reserved, long bytes)
    {
        // A thread that comes while another one collects uses the result of that one.
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
