namespace Wharf.Plugins.Hosting;

/// <summary>Measures the time of one running turn with a limit, and owns its token.</summary>
internal sealed class TurnWatch : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _linked;
    private ITimer? _timer;

    public TurnWatch(PluginTurn turn, TimeSpan limit)
    {
        Turn = turn;
        Limit = limit;
        // Cancelled asynchronously: callbacks that a plugin registered on its token must run neither on the canceller's thread nor on the timer's.
        _linked = turn.Cancelled.UnsafeRegister(static self => ((TurnWatch)self!).Cancel(), this);
    }

    public PluginTurn Turn { get; }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _source.Token;

    /// <summary>Starts the time limit. The queue already refers to this watch.</summary>
    public void Start(TurnQueue queue, TimeProvider time) =>
        _timer = time.CreateTimer(_ => queue.OnTimeLimit(this), null, Limit, Timeout.InfiniteTimeSpan);

    public void Cancel() => _ = _source.CancelAsync().ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Does not dispose the source: the plugin may still hold its token.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _linked.Dispose();
    }
}
