namespace Wharf.Plugins.Hosting;

/// <summary>A thread of the .NET thread pool, or of a caller, on which handlers of fast types run inline.</summary>
internal sealed class BorrowedThread
{
    [ThreadStatic]
    private static BorrowedThread? t_current;

    private readonly Thread _thread = Thread.CurrentThread;
    private HandlerSpeed? _speed;
    private long _turns;
    private long _checkedTurns;
    private int _checks;

    /// <summary>Whether the calling thread already runs handlers inline.</summary>
    public static bool IsCurrent => t_current is not null;

    /// <summary>Whether the thread runs handlers.</summary>
    public bool IsActive => Volatile.Read(ref _speed) is not null;

    public bool IsAlive => _thread.IsAlive;

    /// <summary>Whether the thread is blocked and replaced. Changes under the lock of <see cref="BorrowedThreads"/>.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Whether the turn of the latest <see cref="Check"/> is still running.</summary>
    public bool IsInCheckedTurn => IsActive && Volatile.Read(ref _turns) == _checkedTurns;

    /// <summary>Counts a turn that begins on the calling thread, if it is borrowed.</summary>
    public static void BeginTurn()
    {
        if (t_current is { } thread)
            Volatile.Write(ref thread._turns, thread._turns + 1);
    }

    public void Enter(HandlerSpeed speed)
    {
        t_current = this;
        Volatile.Write(ref _turns, _turns + 1);
        Volatile.Write(ref _speed, speed);
    }

    public void Leave()
    {
        t_current = null;
        Volatile.Write(ref _speed, null);
        Volatile.Write(ref _turns, _turns + 1);
    }

    /// <summary>Checks whether the thread is blocked by one turn. Called by the monitor only.</summary>
    /// <param name="speed">The speed of the type whose handler is running; null if none is.</param>
    /// <param name="isBlocked">Whether the thread is blocked.</param>
    /// <returns>Whether the thread runs handlers, or has run one since the previous check.</returns>
    public bool Check(out HandlerSpeed? speed, out bool isBlocked)
    {
        speed = Volatile.Read(ref _speed);
        long turns = Volatile.Read(ref _turns);
        bool hasChanged = turns != _checkedTurns;
        if (speed is null || hasChanged)
        {
            _checkedTurns = turns;
            _checks = 0;
        }

        isBlocked = _checks > 0 && BlockedThread.IsBlocked(_checks, _thread);
        _checks++;
        return hasChanged || speed is not null;
    }
}
