using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// The dedicated threads of plugin code. A handler that blocks occupies one of them and no thread of the server. Work that is started on <see cref="Scheduler"/> continues on these
/// threads after an await; <c>ConfigureAwait(false)</c> moves it to the .NET thread pool. Turns of fast types may begin inline (<see cref="InlineExecution"/>).
/// </summary>
/// <remarks>
/// Idle workers wait on a stack. The top one has become idle last and still spins for some microseconds, so that it is cheap to wake. Beyond
/// <see cref="PluginPoolOptions.MinThreads"/>, a thread is added only for each blocked one, which <see cref="ThreadMonitor"/> detects. Otherwise a burst of short handlers would
/// create hundreds of threads that compete for the processors.
/// </remarks>
public sealed partial class PluginPool : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Task> _queue = new();
    private readonly List<PoolWorker> _workers = [];
    private readonly PluginPoolOptions _options;
    private readonly ILogger _logger;
    private readonly PoolScheduler _scheduler;
    private readonly ThreadMonitor _monitor;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PoolWorker? _idle;
    private int _idleCount;
    private int _spinning;
    private int _threadsCreated;
    private volatile bool _disposed;

    /// <summary>Creates a pool without threads. Threads are started when work is queued.</summary>
    /// <param name="options">The options.</param>
    /// <param name="instruments">The instruments that observe the pool.</param>
    /// <param name="logger">The logger of the pool.</param>
    public PluginPool(PluginPoolOptions options, PluginInstruments instruments, ILogger<PluginPool> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinThreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxThreads, options.MinThreads);
        _options = options;
        _logger = logger;
        _scheduler = new PoolScheduler(this);
        _monitor = new ThreadMonitor(this);
        Choice = options.InlineTurns ? new InlineExecution(this) : new DedicatedThreads(this);
        Instruments = instruments;
        instruments.Observe(this);
    }

    /// <summary>The name of the pool in metrics.</summary>
    public string Name { get; init; } = "plugins";

    /// <summary>Decides when turns may begin; null for always.</summary>
    public TurnGate? Gate { get; init; }

    /// <summary>Writes the failures of the pool's turns to the log.</summary>
    public FailureLog Failures { get; init; } = new(TimeProvider.System);

    /// <summary>Replaces threads of the .NET thread pool that inline handlers block; null to leave that to the .NET thread pool.</summary>
    public IThreadReplacement? Replacement { get; init; }

    /// <summary>The task scheduler of the pool.</summary>
    public TaskScheduler Scheduler => _scheduler;

    /// <summary>The number of threads.</summary>
    public int ThreadCount
    {
        get
        {
            lock (_gate)
                return _workers.Count;
        }
    }

    /// <summary>The number of threads that run work.</summary>
    public int BusyCount
    {
        get
        {
            lock (_gate)
                return _workers.Count - _idleCount;
        }
    }

    /// <summary>The number of tasks that wait for a thread.</summary>
    public int QueuedCount
    {
        get
        {
            lock (_gate)
                return _queue.Count;
        }
    }

    /// <summary>The number of threads outside of the pool that are blocked by handlers.</summary>
    public int BlockedBorrowedCount => Choice.BlockedCount;

    internal IThreadChoice Choice { get; }

    internal bool IsDisposed => _disposed;

    internal PluginInstruments Instruments { get; }

    internal TimeSpan IdleTime => _disposed ? TimeSpan.Zero : _options.IdleTime;

    /// <summary>
    /// Ends the idle threads and waits until no work is running, for at most <see cref="PluginPoolOptions.StopWait"/>. Work that is queued later still runs, so that a handler that
    /// continues late can complete.
    /// </summary>
    /// <returns>Completes when no work is running or the time limit has expired.</returns>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            for (PoolWorker? worker = _idle; worker is not null; worker = worker.Below)
                worker.Wake();
            SignalIfStopped();
        }

        _monitor.Stop();
        try
        {
            await _stopped.Task.WaitAsync(_options.StopWait).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogStillRunning(BusyCount + Choice.ActiveCount);
        }
    }

    /// <summary>Assigns a task to the worker that became idle last or to a new worker, or queues it.</summary>
    internal void Enqueue(Task task)
    {
        PoolWorker? worker;
        bool isNew = false;
        lock (_gate)
        {
            worker = _idle;
            if (worker is not null)
            {
                RemoveIdle(worker);
            }
            else if (_workers.Count < (_disposed ? _options.MaxThreads : _options.MinThreads))
            {
                worker = AddWorker();
                isNew = true;
            }
            else
            {
                _queue.Enqueue(task);
                _monitor.Resume(atOnce: true);
            }
        }

        if (worker is null)
            return;
        worker.Assign(task);
        if (isNew)
            Start(worker);
    }

    /// <summary>Starts the monitor for a thread that begins to run handlers inline.</summary>
    internal void EnsureMonitored()
    {
        if (_monitor.IsRunning)
            return;
        lock (_gate)
            _monitor.Resume(atOnce: false);
    }

    /// <summary>Completes the disposal after the last inline handler.</summary>
    internal void BorrowedThreadLeft()
    {
        if (!_disposed)
            return;
        lock (_gate)
            SignalIfStopped();
    }

    /// <summary>Returns the next task of a worker; null after the worker was pushed to the idle stack.</summary>
    internal Task? Next(PoolWorker worker)
    {
        lock (_gate)
        {
            if (_queue.TryDequeue(out Task? task))
                return task;
            worker.Below = _idle;
            if (_idle is not null)
                _idle.Above = worker;
            _idle = worker;
            _idleCount++;
            return null;
        }
    }

    /// <summary>Removes a worker after its idle time. Fails if a task was assigned to it.</summary>
    internal bool TryRetire(PoolWorker worker)
    {
        lock (_gate)
        {
            if (_idle != worker && worker.Above is null)
                return false;
            RemoveIdle(worker);
            Remove(worker);
            return true;
        }
    }

    /// <summary>Adds a thread for each blocked one, while work is queued and up to the maximum.</summary>
    /// <returns>The activity. The monitor may pause if there is none.</returns>
    internal ThreadActivity CheckThreads()
    {
        List<PoolWorker>? added = null;
        ThreadActivity borrowed = Choice.Check();
        lock (_gate)
        {
            if (_queue.Count == 0)
            {
                if (borrowed == ThreadActivity.Low)
                    _monitor.SlowDown();
                if (borrowed != ThreadActivity.None)
                    return borrowed;
                _monitor.Pause();
                Interlocked.MemoryBarrier(); // either this method sees a thread that was just borrowed, or that thread sees the pause
                if (Choice.ActiveCount > 0)
                    _monitor.Resume(atOnce: false);
                return ThreadActivity.None;
            }

            int blocked = 0;
            foreach (PoolWorker worker in _workers)
            {
                if (worker.CheckBlocked())
                    blocked++;
            }

            int wanted = Math.Min(_options.MinThreads + blocked, _options.MaxThreads);
            while (_workers.Count < wanted && _queue.TryDequeue(out Task? task))
            {
                PoolWorker worker = AddWorker();
                worker.Assign(task);
                (added ??= []).Add(worker);
            }
        }

        foreach (PoolWorker worker in added ?? [])
            Start(worker);
        return ThreadActivity.Busy;
    }

    internal IEnumerable<Task> Snapshot()
    {
        lock (_gate)
            return [.. _queue];
    }

    /// <summary>Lets one idle worker spin: more would take processors from workers with tasks.</summary>
    internal bool TryBeginSpin() => Interlocked.CompareExchange(ref _spinning, 1, 0) == 0;

    internal void EndSpin() => Volatile.Write(ref _spinning, 0);

    internal bool Execute(Task task) => _scheduler.Execute(task);

    private PoolWorker AddWorker()
    {
        PoolWorker worker = new(this, ++_threadsCreated);
        _workers.Add(worker);
        return worker;
    }

    private void Start(PoolWorker worker)
    {
        try
        {
            worker.Start();
        }
        catch (OutOfMemoryException noThread)
        {
            // The system has no more threads. The work waits for the existing ones; the monitor tries again.
            LogNoThread(noThread);
            lock (_gate)
            {
                Remove(worker);
                _queue.Enqueue(worker.TakeAssigned());
                _monitor.Resume(atOnce: true);
            }
        }
    }

    private void RemoveIdle(PoolWorker worker)
    {
        if (worker.Above is null)
            _idle = worker.Below;
        else
            worker.Above.Below = worker.Below;
        if (worker.Below is not null)
            worker.Below.Above = worker.Above;
        worker.Above = worker.Below = null;
        _idleCount--;
    }

    private void Remove(PoolWorker worker)
    {
        _workers.Remove(worker);
        SignalIfStopped();
    }

    private void SignalIfStopped()
    {
        if (_disposed && _workers.Count == 0 && Choice.ActiveCount == 0)
            _stopped.TrySetResult();
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "{Count} plugin threads are still running after the time limit; the server stops without them")]
    private partial void LogStillRunning(int count);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "Failed to start a thread of the plugin pool; the work waits for the existing threads")]
    private partial void LogNoThread(Exception exception);
}
