using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// The threads that plugin code runs on: their own, so that a handler that blocks costs one of them and nothing else. Turns of a type whose handlers have been quick so far
/// begin on the thread that brings them instead, under the eyes of the overseer (<see cref="TurnPace"/>). Work that is started on <see cref="Scheduler"/> and awaits comes
/// back to the pool's threads; <c>ConfigureAwait(false)</c> merely leaves for the thread pool.
/// </summary>
/// <remarks>
/// Idle workers wait on a stack, the latest on top and still spinning for some microseconds, because that one is cheap to wake. Beyond
/// <see cref="PluginPoolOptions.MinThreads"/> a thread is added only for each one that is held up, which <see cref="PoolOverseer"/> finds out; otherwise a burst of
/// short handlers would make hundreds of threads that fight for the processors.
/// </remarks>
public sealed partial class PluginPool : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Task> _queue = new();
    private readonly List<PoolWorker> _workers = [];
    private readonly PluginPoolOptions _options;
    private readonly ILogger _logger;
    private readonly PoolScheduler _scheduler;
    private readonly PoolOverseer _overseer;
    private readonly PoolGuests _guests = new();
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PoolWorker? _idle;
    private int _idleCount;
    private int _spinning;
    private int _threadsMade;
    private volatile bool _disposed;

    /// <summary>Makes a pool without threads; they come with the work.</summary>
    /// <param name="options">Its size.</param>
    /// <param name="instruments">Where it is measured.</param>
    /// <param name="logger">Where it tells of itself.</param>
    public PluginPool(PluginPoolOptions options, PluginInstruments instruments, ILogger<PluginPool> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinThreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxThreads, options.MinThreads);
        _options = options;
        _logger = logger;
        _scheduler = new PoolScheduler(this);
        _overseer = new PoolOverseer(this);
        Instruments = instruments;
        instruments.Observe(this);
    }

    /// <summary>What the pool is for, as metrics name it.</summary>
    public string Name { get; init; } = "plugins";

    /// <summary>Decides when turns may begin; null for always.</summary>
    public TurnGate? Gate { get; init; }

    /// <summary>Writes the failures of the pool's turns to the log.</summary>
    public FailureLog Failures { get; init; } = new(TimeProvider.System);

    /// <summary>Starts work on the pool.</summary>
    public TaskScheduler Scheduler => _scheduler;

    /// <summary>How many threads there are.</summary>
    public int ThreadCount
    {
        get
        {
            lock (_gate)
                return _workers.Count;
        }
    }

    /// <summary>How many threads run something.</summary>
    public int BusyCount
    {
        get
        {
            lock (_gate)
                return _workers.Count - _idleCount;
        }
    }

    /// <summary>How much work waits for a thread.</summary>
    public int QueuedCount
    {
        get
        {
            lock (_gate)
                return _queue.Count;
        }
    }

    /// <summary>How many threads that were lent to plugin code are held up by it.</summary>
    public int HeldUpGuestCount => _guests.HeldUpCount;

    internal PluginInstruments Instruments { get; }

    internal TimeSpan IdleTime => _disposed ? TimeSpan.Zero : _options.IdleTime;

    /// <summary>
    /// Lets the idle threads go and waits, for at most <see cref="PluginPoolOptions.StopWait"/>, until nothing runs. What is started afterwards still runs, so that
    /// a handler that comes back late can finish.
    /// </summary>
    /// <returns>Completes when nothing runs or the time is over.</returns>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            for (PoolWorker? worker = _idle; worker is not null; worker = worker.Below)
                worker.Wake();
            BeQuiet();
        }

        _overseer.Stop();
        try
        {
            await _quiet.Task.WaitAsync(_options.StopWait).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogStillRunning(BusyCount + _guests.ActiveCount);
        }
    }

    /// <summary>Gives a task to the idle worker that fell idle last, to a new worker, or to the queue.</summary>
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
                _overseer.Watch(closely: true);
            }
        }

        if (worker is null)
            return;
        worker.Assign(task);
        if (isNew)
            Start(worker);
    }

    /// <summary>Runs turns that begin on the thread pool's thread that this is called on, unless their type has fallen slow meanwhile.</summary>
    internal void Visit(Task task)
    {
        if (_disposed || task.AsyncState is not TurnQueue { Pace: { IsBrisk: true } pace })
        {
            Enqueue(task);
            return;
        }

        PoolGuest guest = _guests.Enter(pace);
        if (!_overseer.IsWatching)
        {
            lock (_gate)
                _overseer.Watch(closely: false);
        }

        Execute(task);
        if (SynchronizationContext.Current is not null)
            SynchronizationContext.SetSynchronizationContext(null); // left behind by plugin code
        _guests.Leave(guest);
        if (!_disposed)
            return;
        lock (_gate)
            BeQuiet();
    }

    /// <summary>What a worker does next; null after it was put on the stack of idle ones.</summary>
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

    /// <summary>Whether a worker whose patience is over may go; not when work was given to it meanwhile.</summary>
    internal bool TryRetire(PoolWorker worker)
    {
        lock (_gate)
        {
            if (_idle != worker && worker.Above is null)
                return false;
            RemoveIdle(worker);
            Forget(worker);
            return true;
        }
    }

    /// <summary>Adds a thread for every one that is held up, as far as work waits and the bound allows.</summary>
    /// <returns>What there is to look after; the overseer may rest when there is nothing.</returns>
    internal PoolOverseer.Sight Relieve()
    {
        List<PoolWorker>? added = null;
        PoolOverseer.Sight guests = _guests.Look();
        lock (_gate)
        {
            if (_queue.Count == 0)
            {
                if (guests == PoolOverseer.Sight.Passing)
                    return _overseer.LookLess();
                if (guests == PoolOverseer.Sight.AtWork)
                    return guests;
                _overseer.Rest();
                Interlocked.MemoryBarrier(); // a guest that came just now either is seen here or sees that nobody watches
                if (_guests.AreActive)
                    _overseer.Watch(closely: false);
                return PoolOverseer.Sight.Nothing;
            }

            int held = 0;
            foreach (PoolWorker worker in _workers)
            {
                if (worker.IsHeldUp())
                    held++;
            }

            int wanted = Math.Min(_options.MinThreads + held, _options.MaxThreads);
            while (_workers.Count < wanted && _queue.TryDequeue(out Task? task))
            {
                PoolWorker worker = AddWorker();
                worker.Assign(task);
                (added ??= []).Add(worker);
            }
        }

        foreach (PoolWorker worker in added ?? [])
            Start(worker);
        return PoolOverseer.Sight.AtWork;
    }

    internal IEnumerable<Task> Snapshot()
    {
        lock (_gate)
            return [.. _queue];
    }

    /// <summary>Only one idle worker spins; more would only take the processor from those that work.</summary>
    internal bool TryBeginSpin() => Interlocked.CompareExchange(ref _spinning, 1, 0) == 0;

    internal void EndSpin() => Volatile.Write(ref _spinning, 0);

    internal bool Execute(Task task) => _scheduler.Execute(task);

    private PoolWorker AddWorker()
    {
        PoolWorker worker = new(this, ++_threadsMade);
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
            // The system gives no more threads. The work waits for those that there are; the overseer tries again.
            LogNoThread(noThread);
            lock (_gate)
            {
                Forget(worker);
                _queue.Enqueue(worker.TakeBack());
                _overseer.Watch(closely: true);
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

    private void Forget(PoolWorker worker)
    {
        _workers.Remove(worker);
        BeQuiet();
    }

    private void BeQuiet()
    {
        if (_disposed && _workers.Count == 0 && !_guests.AreActive)
            _quiet.TrySetResult();
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "{Count} plugin threads are still running at the end of the server")]
    private partial void LogStillRunning(int count);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "The system gives no further thread to the plugin pool")]
    private partial void LogNoThread(Exception exception);
}
