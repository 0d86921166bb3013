namespace Wharf.Plugins.Hosting;

/// <summary>
/// Looks, every millisecond while work waits or runs on a thread that is lent, for threads that are held up, and has the pool add one for each. A thread of its own, because plugin code
/// that left for the thread pool may have filled that.
/// </summary>
internal sealed class PoolOverseer(PluginPool pool)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim _wake = new(0);
    private Thread? _thread;
    private volatile bool _watching;
    private volatile bool _stopped;

    /// <summary>Whether it looks.</summary>
    public bool IsWatching => _watching;

    /// <summary>Work has begun to wait, or a thread was lent. Called under the pool's lock.</summary>
    public void Watch()
    {
        if (_watching || _stopped)
            return;
        _watching = true;
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "wharf-plugin-overseer" };
            _thread.UnsafeStart();
        }

        _wake.Release();
    }

    /// <summary>Nothing waits any more. Called under the pool's lock.</summary>
    public void Rest() => _watching = false;

    public void Stop()
    {
        _stopped = true;
        _wake.Release();
    }

    private void Run()
    {
        while (true)
        {
            _wake.Wait();
            if (_stopped)
                return;
            do
                Thread.Sleep(Glance);
            while (pool.Relieve() && !_stopped);
        }
    }
}
