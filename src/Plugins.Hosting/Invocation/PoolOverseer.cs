namespace Wharf.Plugins.Hosting;

/// <summary>
/// Looks for threads that are held up, and has the pool add one for each: every millisecond while work waits or a thread that is lent was seen at it, else every eight while threads are lent
/// at all. A thread of its own, because plugin code that left for the thread pool may have filled that.
/// </summary>
internal sealed class PoolOverseer(PluginPool pool)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(1);

    // Each look takes a processor from those that exchange messages, of whom hardly one is ever seen at its handler.
    private static readonly TimeSpan CasualGlance = TimeSpan.FromMilliseconds(8);

    private readonly AutoResetEvent _wake = new(false);
    private Thread? _thread;
    private volatile bool _watching;
    private volatile bool _isCasual;
    private volatile bool _stopped;

    /// <summary>What a look has shown.</summary>
    public enum Sight
    {
        /// <summary>There is nothing to look after.</summary>
        Nothing,

        /// <summary>Threads are lent, and come back at once.</summary>
        Passing,

        /// <summary>Work waits, or a thread is at a handler.</summary>
        AtWork,
    }

    /// <summary>Whether it looks.</summary>
    public bool IsWatching => _watching;

    /// <summary>Work has begun to wait, or a thread was lent. Called under the pool's lock.</summary>
    /// <param name="closely">Whether it is to look at once, and again soon.</param>
    public void Watch(bool closely)
    {
        if (_stopped || (_watching && !(closely && _isCasual)))
            return;
        _watching = true;
        _isCasual = false;
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "wharf-plugin-overseer" };
            _thread.UnsafeStart();
        }

        _wake.Set();
    }

    /// <summary>Nothing is seen to be held up. Called under the pool's lock.</summary>
    public Sight LookLess()
    {
        _isCasual = true;
        return Sight.Passing;
    }

    /// <summary>Nothing waits any more. Called under the pool's lock.</summary>
    public void Rest() => _watching = false;

    public void Stop()
    {
        _stopped = true;
        _wake.Set();
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            for (Sight sight = Sight.AtWork; sight != Sight.Nothing && !_stopped; sight = pool.Relieve())
                _wake.WaitOne(sight == Sight.Passing ? CasualGlance : Glance);
            if (_stopped)
                return;
        }
    }
}
