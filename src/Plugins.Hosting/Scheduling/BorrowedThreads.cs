namespace Wharf.Plugins.Hosting;

/// <summary>
/// The threads on which handlers run inline. When a handler blocks its thread, the thread is replaced, if the host program has an <see cref="IThreadReplacement"/>, and the next
/// handlers of the type run on dedicated threads.
/// </summary>
internal sealed class BorrowedThreads
{
    /// <summary>The number of checks without activity after which the monitor pauses. The next turn has to wake it, which costs more than some checks.</summary>
    private const int ChecksUntilIdle = 16;

    private readonly Func<IThreadReplacement?> _replacement;
    private readonly Lock _gate = new();
    private readonly List<BorrowedThread> _all = [];
    private readonly ThreadLocal<BorrowedThread> _own;
    private int _checksWithoutActivity;

    /// <summary>Creates an empty set.</summary>
    /// <param name="replacement">Returns the replacement of the host program, if it has one.</param>
    public BorrowedThreads(Func<IThreadReplacement?> replacement)
    {
        _replacement = replacement;
        _own = new ThreadLocal<BorrowedThread>(Add);
    }

    /// <summary>The number of blocked threads.</summary>
    public int BlockedCount
    {
        get
        {
            lock (_gate)
                return _all.Count(static thread => thread.IsReplaced);
        }
    }

    /// <summary>The number of threads that run handlers.</summary>
    public int ActiveCount
    {
        get
        {
            lock (_gate)
                return _all.Count(static thread => thread.IsActive);
        }
    }

    /// <summary>Marks the calling thread as running handlers of a type.</summary>
    public BorrowedThread Enter(HandlerSpeed speed)
    {
        BorrowedThread thread = _own.Value!;
        thread.Enter(speed);
        return thread;
    }

    /// <summary>Ends <see cref="Enter"/>.</summary>
    public void Leave(BorrowedThread thread)
    {
        thread.Leave();
        Interlocked.MemoryBarrier(); // either this method sees the replacement, or the monitor sees that the thread has left
        if (!thread.IsReplaced)
            return;
        lock (_gate)
            EndReplacement(thread);
    }

    /// <summary>Replaces blocked threads. Called by the monitor only.</summary>
    public ThreadActivity Check()
    {
        lock (_gate)
        {
            bool isBusy = false;
            _all.RemoveAll(static thread => thread is { IsAlive: false, IsReplaced: false });
            _checksWithoutActivity++;
            foreach (BorrowedThread thread in _all)
            {
                if (thread.Check(out HandlerSpeed? speed, out bool isBlocked))
                    _checksWithoutActivity = 0;
                isBusy |= speed is not null;
                if (!isBlocked || thread.IsReplaced)
                    continue;
                speed!.ReportBlocked();
                thread.IsReplaced = true;
                _replacement()?.Add();
                Interlocked.MemoryBarrier();
                if (!thread.IsInCheckedTurn)
                    EndReplacement(thread);
            }

            return isBusy ? ThreadActivity.Busy : _checksWithoutActivity < ChecksUntilIdle ? ThreadActivity.Low : ThreadActivity.None;
        }
    }

    private void EndReplacement(BorrowedThread thread)
    {
        if (!thread.IsReplaced)
            return;
        thread.IsReplaced = false;
        _replacement()?.Remove();
    }

    private BorrowedThread Add()
    {
        BorrowedThread thread = new();
        lock (_gate)
            _all.Add(thread);
        return thread;
    }
}
