namespace Wharf.Gateway.Streams;

/// <summary>
/// Delays the pull of a stream after a batch. The client often sends the next message immediately, which completes the pull. With the delay, a request and its response need one grain
/// call instead of two. Output that an object sends on its own after a response arrives one or two milliseconds later; during a continuing exchange of messages up to eight.
/// </summary>
/// <remarks>
/// All streams share one timer, because a timer per message would cost as much as the call. The timer is stopped while no pull is delayed, and slower while no pull was added since its last
/// tick, because each tick takes processor time from streams that exchange messages.
/// </remarks>
internal sealed class PullDelay : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan SlowTick = TimeSpan.FromMilliseconds(4);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private List<IDelayedPull> _waiting = [];
    private List<IDelayedPull> _due = [];
    private Pace _pace;
    private bool _hasNew;

    public PullDelay(TimeProvider time) =>
        _timer = time.CreateTimer(static delay => ((PullDelay)delay!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private enum Pace
    {
        Stopped,
        Slow,
        Fast,
        Ticking,
    }

    /// <summary>A stream whose pull is delayed.</summary>
    public interface IDelayedPull
    {
        /// <summary>Called at a tick: extends the delay to the next tick, or starts the pull.</summary>
        /// <returns>Whether the delay is extended.</returns>
        bool TryExtend();
    }

    /// <summary>Adds a stream.</summary>
    public void Add(IDelayedPull stream)
    {
        lock (_gate)
        {
            _waiting.Add(stream);
            _hasNew = true;
            if (_pace is Pace.Stopped or Pace.Slow)
                Schedule(Pace.Fast, Tick);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTick()
    {
        List<IDelayedPull> due;
        lock (_gate)
        {
            // The timer fired while it was rescheduled.
            if (_pace == Pace.Ticking)
                return;
            _pace = Pace.Ticking;
            _hasNew = false;
            (due, _waiting, _due) = (_waiting, _due, _waiting);
        }

        due.RemoveAll(static stream => !stream.TryExtend());
        lock (_gate)
        {
            _waiting.AddRange(due);
            due.Clear();
            if (_waiting.Count == 0)
                _pace = Pace.Stopped;
            else if (_hasNew)
                Schedule(Pace.Fast, Tick);
            else
                Schedule(Pace.Slow, SlowTick);
        }
    }

    private void Schedule(Pace pace, TimeSpan after)
    {
        _pace = pace;
        _timer.Change(after, Timeout.InfiniteTimeSpan);
    }
}
