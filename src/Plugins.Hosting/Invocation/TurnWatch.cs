namespace Wharf.Plugins.Hosting;

/// <summary>Watches the time of one running turn that has a limit, and carries its token.</summary>
internal sealed class TurnWatch : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _linked;
    private ITimer? _timer;

    public TurnWatch(PluginTurn turn, TimeSpan limit)
    {
        Turn = turn;
        Limit = limit;
        // Cancelled without waiting: what a plugin registered on its token must run neither on the canceller's thread nor on the timer's.
        _linked = turn.Cancelled.UnsafeRegister(static self => ((TurnWatch)self!).Cancel(), this);
    }

    public PluginTurn Turn { get; }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _source.Token;

    /// <summary>Begins to count, once the queue knows of this watch.</summary>
    public void Start(TurnQueue queue, TimeProvider time) =>
        _timer = time.CreateTimer(_ => queue.Overdue(this), null, Limit, Timeout.InfiniteTimeSpan);

    public void Cancel() => _ = _source.CancelAsync().ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>The source is left to the collector: the plugin may still hold its token.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _linked.Dispose();
    }
}
