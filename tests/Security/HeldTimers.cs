namespace Wharf.Security;

/// <summary>The system clock, except for timers with one due time: they elapse when the test calls <see cref="Elapse"/>.</summary>
/// <param name="held">The due time.</param>
internal sealed class HeldTimers(TimeSpan held) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Held> _timers = [];

    /// <summary>The number of timers that are not due or disposed.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _timers.Count;
        }
    }

    /// <summary>Invokes the callbacks of all held timers that are not disposed.</summary>
    public void Elapse()
    {
        Held[] due;
        lock (_lock)
        {
            due = [.. _timers];
            _timers.Clear();
        }

        foreach (var timer in due)
            timer.Call();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != held)
            return base.CreateTimer(callback, state, dueTime, period);
        var timer = new Held(this, callback, state);
        lock (_lock)
            _timers.Add(timer);
        return timer;
    }

    private sealed class Held(HeldTimers timers, TimerCallback callback, object? state) : ITimer
    {
        public void Call() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("a held timer keeps its due time");

        public void Dispose()
        {
            lock (timers._lock)
                timers._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
