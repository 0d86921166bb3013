namespace Wharf.Plugins.Hosting;

/// <summary>The result of a check of the threads.</summary>
internal enum ThreadActivity
{
    /// <summary>No thread needs to be monitored.</summary>
    None,

    /// <summary>Threads run handlers inline, but none was seen in a handler.</summary>
    Low,

    /// <summary>Work is queued, or a thread is in a handler.</summary>
    Busy,
}

/// <summary>
/// Checks for blocked threads, so that the pool can add others: every millisecond while work is queued or an inline handler was seen running, and every eight milliseconds while inline
/// handlers run. It has its own thread, because plugin code may block the whole .NET thread pool.
/// </summary>
internal sealed class ThreadMonitor(PluginPool pool)
{
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMilliseconds(1);

    // Each check takes a processor from threads that exchange messages, and hardly ever finds one in a handler.
    private static readonly TimeSpan LongInterval = TimeSpan.FromMilliseconds(8);

    private readonly AutoResetEvent _wake = new(false);
    private Thread? _thread;
    private volatile bool _isRunning;
    private volatile bool _hasLongInterval;
    private volatile bool _isStopped;

    /// <summary>Whether the monitor checks threads.</summary>
    public bool IsRunning => _isRunning;

    /// <summary>Starts or resumes the checks. Called under the lock of the pool.</summary>
    /// <param name="atOnce">Whether the next check must not wait for the long interval.</param>
    public void Resume(bool atOnce)
    {
        if (_isStopped || (_isRunning && !(atOnce && _hasLongInterval)))
            return;
        _isRunning = true;
        _hasLongInterval = false;
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "wharf-plugin-monitor" };
            _thread.UnsafeStart();
        }

        _wake.Set();
    }

    /// <summary>Records that the next check follows after the long interval. Called under the lock of the pool.</summary>
    public void SlowDown() => _hasLongInterval = true;

    /// <summary>Ends the checks until <see cref="Resume"/>. Called under the lock of the pool.</summary>
    public void Pause() => _isRunning = false;

    /// <summary>Ends the thread.</summary>
    public void Stop()
    {
        _isStopped = true;
        _wake.Set();
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            for (ThreadActivity activity = ThreadActivity.Busy; activity != ThreadActivity.None && !_isStopped; activity = pool.CheckThreads())
                _wake.WaitOne(activity == ThreadActivity.Low ? LongInterval : ShortInterval);
            if (_isStopped)
                return;
        }
    }
}
