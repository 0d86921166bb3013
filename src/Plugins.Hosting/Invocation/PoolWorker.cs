using System.Diagnostics;

namespace Wharf.Plugins.Hosting;

/// <summary>One thread of the pool: runs a task, asks for the next, and waits a while when there is none.</summary>
internal sealed class PoolWorker(PluginPool pool, int number)
{
    /// <summary>Longer than a hop between two threads takes, shorter than putting a thread to sleep and waking it.</summary>
    private static readonly long SpinTicks = Environment.ProcessorCount > 1 ? Stopwatch.Frequency * 15 / 1_000_000 : 0;

    [ThreadStatic]
    private static PluginPool? t_pool;

    private readonly object _wake = new();
    private Thread? _thread;
    private Task? _assigned;
    private bool _asleep;
    private bool _called;
    private int _tasksBegun;
    private int _tasksSeen;
    private int _looks;

    public static PluginPool? CurrentPool => t_pool;

    /// <summary>The neighbours on the stack of idle workers; the pool's, under its lock.</summary>
    public PoolWorker? Above { get; set; }

    /// <inheritdoc cref="Above"/>
    public PoolWorker? Below { get; set; }

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"wharf-plugin-{number}" };
        _thread.UnsafeStart();
    }

    /// <summary>Gives work to an idle worker that was taken off the stack, or to one that is not started yet.</summary>
    public void Assign(Task task)
    {
        Volatile.Write(ref _assigned, task);
        Interlocked.MemoryBarrier(); // the write comes before the read: either the worker sees the task or this sees it asleep
        if (Volatile.Read(ref _asleep))
        {
            lock (_wake)
                Monitor.Pulse(_wake);
        }
    }

    /// <summary>Takes the work away from a worker that could not be started.</summary>
    public Task TakeBack() => Interlocked.Exchange(ref _assigned, null)!;

    /// <summary>Ends the sleep of an idle worker, so that it asks whether to go.</summary>
    public void Wake()
    {
        lock (_wake)
        {
            _called = true;
            Monitor.Pulse(_wake);
        }
    }

    /// <summary>Whether the worker has been at the same task for a while. Asked by the overseer only.</summary>
    public bool IsHeldUp()
    {
        int begun = Volatile.Read(ref _tasksBegun);
        if (begun != _tasksSeen)
        {
            _tasksSeen = begun;
            _looks = 0;
        }

        return HeldUp.After(++_looks, _thread);
    }

    private void Run()
    {
        t_pool = pool;
        Task? task = WaitForTask();
        while (task is not null)
        {
            Volatile.Write(ref _tasksBegun, _tasksBegun + 1);
            pool.Execute(task);
            if (SynchronizationContext.Current is not null)
                SynchronizationContext.SetSynchronizationContext(null); // left behind by plugin code; it would catch the next one's awaits
            task = pool.Next(this) ?? WaitForTask();
        }
    }

    /// <summary>The task that the pool assigns, or null when none came in time and the worker goes.</summary>
    private Task? WaitForTask()
    {
        Spin();
        while (true)
        {
            if (Volatile.Read(ref _assigned) is not null)
                return TakeBack();
            lock (_wake)
            {
                Volatile.Write(ref _asleep, true);
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref _assigned) is null && !_called)
                    Sleep();
                _called = false;
                Volatile.Write(ref _asleep, false);
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
            // Plugin code has kept the thread and interrupts it after its turn: unhandled, this ends the process.
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
