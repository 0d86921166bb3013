namespace Wharf.Gateway.Streams;

/// <summary>
/// Holds back the pull of streams whose message has just been answered: often the client says the next thing at once, and a call that waits for output would only have to be
/// taken over from. An exchange of messages costs one call each then, not two. What an object says unasked, right after an answer, comes a millisecond or two later for it;
/// in the midst of an exchange that goes on, up to eight.
/// </summary>
/// <remarks>
/// One clock for all streams, which stands while none is held back: a timer for each message would cost what the call does. It is slower while no stream has come anew: each of
/// its ticks takes a processor from those that exchange messages.
/// </remarks>
internal sealed class PullDelay : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan SlowTick = TimeSpan.FromMilliseconds(4);

    private readonly Lock _gate = new();
    private readonly ITimer _clock;
    private List<IHeldBack> _waiting = [];
    private List<IHeldBack> _due = [];
    private Pace _pace;
    private bool _hasNew;

    public PullDelay(TimeProvider time) =>
        _clock = time.CreateTimer(static delay => ((PullDelay)delay!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private enum Pace
    {
        Standing,
        Slow,
        Quick,
        Ticking,
    }

    /// <summary>A stream that is held back.</summary>
    public interface IHeldBack
    {
        /// <summary>A moment has passed since it was added.</summary>
        /// <returns>Whether it wants to wait another.</returns>
        bool WaitsOn();
    }

    /// <summary>Adds a stream.</summary>
    public void Add(IHeldBack stream)
    {
        lock (_gate)
        {
            _waiting.Add(stream);
            _hasNew = true;
            if (_pace is Pace.Standing or Pace.Slow)
                Go(Pace.Quick, Tick);
        }
    }

    public void Dispose() => _clock.Dispose();

    private void OnTick()
    {
        List<IHeldBack> due;
        lock (_gate)
        {
            // It was set anew when it rang already.
            if (_pace == Pace.Ticking)
                return;
            _pace = Pace.Ticking;
            _hasNew = false;
            (due, _waiting, _due) = (_waiting, _due, _waiting);
        }

        due.RemoveAll(static stream => !stream.WaitsOn());
        lock (_gate)
        {
            _waiting.AddRange(due);
            due.Clear();
            if (_waiting.Count == 0)
                _pace = Pace.Standing;
            else if (_hasNew)
                Go(Pace.Quick, Tick);
            else
                Go(Pace.Slow, SlowTick);
        }
    }

    private void Go(Pace pace, TimeSpan after)
    {
        _pace = pace;
        _clock.Change(after, Timeout.InfiniteTimeSpan);
    }
}
