namespace Wharf.Gateway.Streams;

/// <summary>
/// Holds back the pull of streams whose message has just been answered: often the client says the next thing at once, and a call that waits for output would only have to be
/// taken over from. An exchange of messages costs one call each then, not two. What an object says unasked, right after an answer, comes a millisecond or two later for it.
/// </summary>
/// <remarks>One clock for all streams, which stands while none is held back: a timer for each message would cost what the call does.</remarks>
internal sealed class PullDelay : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly ITimer _clock;
    private List<IHeldBack> _waiting = [];
    private List<IHeldBack> _due = [];
    private bool _ticks;

    public PullDelay(TimeProvider time) =>
        _clock = time.CreateTimer(static delay => ((PullDelay)delay!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

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
            if (_ticks)
                return;
            _ticks = true;
            _clock.Change(Tick, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _clock.Dispose();

    private void OnTick()
    {
        List<IHeldBack> due;
        lock (_gate)
            (due, _waiting, _due) = (_waiting, _due, _waiting);
        due.RemoveAll(static stream => !stream.WaitsOn());
        lock (_gate)
        {
            _waiting.AddRange(due);
            due.Clear();
            _ticks = _waiting.Count > 0;
            if (_ticks)
                _clock.Change(Tick, Timeout.InfiniteTimeSpan);
        }
    }
}
