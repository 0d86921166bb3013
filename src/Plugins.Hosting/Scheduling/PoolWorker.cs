using System.Diagnostics;

namespace Wharf.Plugins.Hosting;

/// <summary>A thread of the pool. Runs tasks of the pool and ends after its idle time.</summary>
internal sealed class PoolWorker(PluginPool pool, int number)
{
    /// <summary>Longer than the handover of a task to another thread, shorter than blocking a thread and waking it.</summary>
    private static readonly long SpinTicks = Environment.ProcessorCount > 1 ? Stopwatch.Frequency * 15 / 1_000_000 : 0;

    [ThreadStatic]
    private static PluginPool? t_pool;

    private readonly object _wake = new();
    private Thread? _thread;
    private Task? _assigned;
    private bool _isWaiting;
    private bool _isWoken;
    private int _tasksStarted;
    private int _checkedTasks;
    private int _checks;

    public static PluginPool? CurrentPool => t_pool;

    /// <summary>The neighbours on the stack of idle workers. Used by the pool only, under its lock.</summary>
    public PoolWorker? Above { get; set; }

    /// <inheritdoc cref="Above"/>
    public PoolWorker? Below { get; set; }

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"wharf-plugin-{number}" };
        _thread.UnsafeStart();
    }

    /// <summary>Assigns a task to an idle worker that was removed from the stack, or to one that is not started.</summary>
    public void Assign(Task task)
    {
        Volatile.Write(ref _assigned, task);
        Interlocked.MemoryBarrier(); // either the worker sees the task, or this method sees that the worker waits
        if (Volatile.Read(ref _isWaiting))
        {
            lock (_wake)
                Monitor.Pulse(_wake);
        }
    }

    /// <summary>Takes the assigned task, also from a worker that could not be started.</summary>
    public Task TakeAssigned() => Interlocked.Exchange(ref _assigned, null)!;

    /// <summary>Wakes an idle worker, so that it checks whether it has to end.</summary>
    public void Wake()
    {
        lock (_wake)
        {
            _isWoken = true;
            Monitor.Pulse(_wake);
        }
    }

    /// <summary>Checks whether the worker is blocked by one task. Called by the monitor only.</summary>
    public bool CheckBlocked()
    {
        int started = Volatile.Read(ref _tasksStarted);
        if (started != _checkedTasks)
        {
            _checkedTasks = started;
            _checks = 0;
        }

        return BlockedThread.IsBlocked(++_checks, _thread);
    }

    private void Run()
    {
        t_pool = pool;
        Task? task = WaitForTask();
        while (task is not null)
        {
            Volatile.Write(ref _tasksStarted, _tasksStarted + 1);
            pool.Execute(task);
            if (SynchronizationContext.Current is not null)
                SynchronizationContext.SetSynchronizationContext(null); // set by plugin code; it would capture the continuations of the next task
            task = pool.Next(this) ?? WaitForTask();
        }
    }

    /// <summary>Waits for a task of the pool. Returns null if the worker has to end after its idle time.</summary>
    private Task? WaitForTask()
    {
        Spin();
        while (true)
        {
            if (Volatile.Read(ref _assigned) is not null)
                return TakeAssigned();
            lock (_wake)
            {
                Volatile.Write(ref _isWaiting, true);
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref _assigned) is null && !_isWoken)
                    Sleep();
                _isWoken = false;
                Volatile.Write(ref _isWaiting, false);
            }

            if (Volatile.Read(ref _assigned) is null && pool.TryRetire(this))
                return null;
        }
    }

    private void Sleep()
    {
        try
        {
            Monitor.Wait(_wake, pool.IdleTime);
        }
        catch (ThreadInterruptedException)
        {
            // Plugin code has kept a reference to the thread and interrupts it after its turn. Unhandled, this would end the process.
        }
    }

    private void Spin()
    {
        if (SpinTicks == 0 || Volatile.Read(ref _assigned) is not null || !pool.TryBeginSpin())
            return;
        long until = Stopwatch.GetTimestamp() + SpinTicks;
        while (Volatile.Read(ref _assigned) is null && Stopwatch.GetTimestamp() < until)
            Thread.SpinWait(8);
        pool.EndSpin();
    }
}
