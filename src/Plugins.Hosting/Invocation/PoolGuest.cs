namespace Wharf.Plugins.Hosting;

/// <summary>A thread of the server's own that plugin code may run on while it is quick.</summary>
internal sealed class PoolGuest
{
    [ThreadStatic]
    private static PoolGuest? t_current;

    private readonly Thread _thread = Thread.CurrentThread;
    private TurnPace? _pace;
    private long _turns;
    private long _turnsSeen;
    private int _looks;

    /// <summary>Whether the calling thread is lent already.</summary>
    public static bool IsHere => t_current is not null;

    /// <summary>Whether the thread ran plugin code at the last look.</summary>
    public bool IsActive => Volatile.Read(ref _pace) is not null;

    /// <summary>Whether the thread can come back.</summary>
    public bool IsAlive => _thread.IsAlive;

    /// <summary>Whether another thread was let in for this one. Changes under the pool's lock.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>The thread begins another turn.</summary>
    public static void BeginTurn()
    {
        if (t_current is { } guest)
            Volatile.Write(ref guest._turns, guest._turns + 1);
    }

    public void Enter(TurnPace pace)
    {
        t_current = this;
        Volatile.Write(ref _turns, _turns + 1);
        Volatile.Write(ref _pace, pace);
    }

    public void Leave()
    {
        t_current = null;
        Volatile.Write(ref _pace, null);
        Volatile.Write(ref _turns, _turns + 1);
    }

    /// <summary>Looks whether the thread has been in the same turn for a while. Asked by the overseer only.</summary>
    /// <param name="pace">Whose turn it is.</param>
    /// <param name="isHeldUp">Whether it has.</param>
    /// <returns>Whether it runs plugin code, or has done so since the last look.</returns>
    public bool Look(out TurnPace? pace, out bool isHeldUp)
    {
        pace = Volatile.Read(ref _pace);
        var turns = Volatile.Read(ref _turns);
        var hasMoved = turns != _turnsSeen;
        if (pace is null || hasMoved)
        {
            _turnsSeen = turns;
            _looks = 0;
        }

        isHeldUp = _looks > 0 && HeldUp.After(_looks, _thread);
        _looks++;
        return hasMoved || pace is not null;
    }

    /// <summary>Whether the turn that <see cref="Look"/> spoke of still runs.</summary>
    public bool IsStillThere => IsActive && Volatile.Read(ref _turns) == _turnsSeen;
}
