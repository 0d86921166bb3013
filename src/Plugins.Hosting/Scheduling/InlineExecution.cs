namespace Wharf.Plugins.Hosting;

/// <summary>
/// Begins turns of types with fast handlers on the calling thread or on the .NET thread pool, and all other turns on the threads of the pool. The continuation of a handler that
/// awaits always runs on a thread of the pool.
/// </summary>
internal sealed class InlineExecution : IThreadChoice
{
    private readonly PluginPool _pool;
    private readonly BorrowedThreads _threads;

    public InlineExecution(PluginPool pool)
    {
        _pool = pool;
        _threads = new BorrowedThreads(() => pool.Replacement);
    }

    public int BlockedCount => _threads.BlockedCount;

    public int ActiveCount => _threads.ActiveCount;

    public bool MayRunHere(HandlerSpeed? speed) => speed is { IsFast: true } && !BorrowedThread.IsCurrent;

    public void Start(TurnRun run)
    {
        if (run.StartsHere)
            Run(run);
        else if (run.Speed is { IsFast: true })
            ThreadPool.UnsafeQueueUserWorkItem(static item => item.Choice.Run(item.Run), (Choice: this, Run: run), preferLocal: true);
        else
            _pool.Enqueue(run);
    }

    public ThreadActivity Check() => _threads.Check();

    private void Run(TurnRun run)
    {
        // The type may have become slow since the run was queued.
        if (_pool.IsDisposed || run.Speed is not { IsFast: true } speed)
        {
            _pool.Enqueue(run);
            return;
        }

        BorrowedThread thread = _threads.Enter(speed);
        _pool.EnsureMonitored();
        _pool.Execute(run);
        if (SynchronizationContext.Current is not null)
            SynchronizationContext.SetSynchronizationContext(null); // set by plugin code
        _threads.Leave(thread);
        _pool.BorrowedThreadLeft();
    }
}
