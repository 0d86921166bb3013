namespace Wharf.Plugins.Hosting;

/// <summary>
/// The server's own threads that plugin code runs on. One that is held up costs the server nothing for longer than it takes to notice: another is let in for it, and the
/// type's next handlers run elsewhere.
/// </summary>
internal sealed class PoolGuests
{
    /// <summary>So many looks without anything to see: an overseer that rests has to be woken, by a message that waits for it.</summary>
    private const int Patience = 16;

    private readonly Lock _gate = new();
    private readonly List<PoolGuest> _all = [];
    private readonly ThreadLocal<PoolGuest> _mine;
    private int _idleLooks;

    public PoolGuests() => _mine = new ThreadLocal<PoolGuest>(Add);

    /// <summary>How many are held up.</summary>
    public int HeldUpCount
    {
        get
        {
            lock (_gate)
                return _all.Count(static guest => guest.IsReplaced);
        }
    }

    /// <summary>How many run plugin code.</summary>
    public int ActiveCount
    {
        get
        {
            lock (_gate)
                return _all.Count(static guest => guest.IsActive);
        }
    }

    /// <summary>Whether any does.</summary>
    public bool AreActive => ActiveCount > 0;

    /// <summary>The thread begins to run plugin code.</summary>
    public PoolGuest Enter(TurnPace pace)
    {
        var guest = _mine.Value!;
        guest.Enter(pace);
        return guest;
    }

    /// <summary>The thread is through with it.</summary>
    public void Leave(PoolGuest guest)
    {
        guest.Leave();
        Interlocked.MemoryBarrier(); // either this sees that it was replaced, or the overseer sees that it has left
        if (!guest.IsReplaced)
            return;
        lock (_gate)
            TakeBack(guest);
    }

    /// <summary>Looks for threads that are held up.</summary>
    /// <returns>What they are at; nothing only after there was nothing to see for a while.</returns>
    public PoolOverseer.Sight Look()
    {
        lock (_gate)
        {
            var isAtWork = false;
            _all.RemoveAll(static guest => guest is { IsAlive: false, IsReplaced: false });
            _idleLooks++;
            foreach (var guest in _all)
            {
                if (guest.Look(out var pace, out var isHeldUp))
                    _idleLooks = 0;
                isAtWork |= pace is not null;
                if (!isHeldUp || guest.IsReplaced)
                    continue;
                pace!.HeldUp();
                guest.IsReplaced = true;
                ChangeThreads(1);
                Interlocked.MemoryBarrier();
                if (!guest.IsStillThere)
                    TakeBack(guest);
            }

            return isAtWork ? PoolOverseer.Sight.AtWork : _idleLooks < Patience ? PoolOverseer.Sight.Passing : PoolOverseer.Sight.Nothing;
        }
    }

    private static void TakeBack(PoolGuest guest)
    {
        if (!guest.IsReplaced)
            return;
        guest.IsReplaced = false;
        ChangeThreads(-1);
    }

    // So many threads the thread pool starts without hesitation, when there is work for them.
    private static void ChangeThreads(int by)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(workers + by, ports);
    }

    private PoolGuest Add()
    {
        var guest = new PoolGuest();
        lock (_gate)
            _all.Add(guest);
        return guest;
    }
}
