namespace Wharf.Plugins.Hosting;

/// <summary>
/// Whether handlers of an object type are fast, so that they may run inline on the threads that receive their messages. After a handler has blocked such a thread, the type runs on
/// dedicated threads for a time that doubles with each block.
/// </summary>
/// <remarks>The change to another thread and back is a large part of the duration of a short handler.</remarks>
public sealed class HandlerSpeed
{
    /// <summary>The first time is short, because the just-in-time compiler or other processes may have delayed the handler.</summary>
    private static readonly TimeSpan ShortestPenalty = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPenalty = TimeSpan.FromMinutes(10);

    /// <summary>The penalty is reset after a time without a block of this multiple of the penalty.</summary>
    private const int ResetFactor = 10;

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private TimeSpan _penalty;
    private long _slowUntil;

    /// <summary>Creates the state of a type whose handlers count as fast.</summary>
    /// <param name="time">The clock.</param>
    public HandlerSpeed(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    /// <summary>Whether a turn that begins now may run inline.</summary>
    internal bool IsFast => Volatile.Read(ref _slowUntil) is var until && (until == 0 || _time.GetTimestamp() >= until);

    /// <summary>Records that a handler has blocked the thread on which it ran inline.</summary>
    internal void ReportBlocked()
    {
        lock (_gate)
        {
            if (!IsFast)
                return;
            bool isReset = _penalty == TimeSpan.Zero || _time.GetElapsedTime(_slowUntil) > ResetFactor * _penalty;
            _penalty = isReset ? ShortestPenalty : 2 * _penalty < LongestPenalty ? 2 * _penalty : LongestPenalty;
            Volatile.Write(ref _slowUntil, _time.GetTimestamp() + (long)(_penalty.TotalSeconds * _time.TimestampFrequency));
        }
    }
}
