using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// Calls into a plugin, one at a time and in order: the turns of an object, or of one stream of a concurrent object. The next begins after the handler of
/// the one before has returned, however long that takes; a handler that is over its limit is given up on, not overtaken.
/// </summary>
/// <remarks>A burst of turns takes one hop to the pool, not one each.</remarks>
public sealed partial class TurnQueue
{
    /// <summary>A timer may come a little early; it is set again for no less than it can tell.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    /// <summary>The context of a thread that nothing has been done on.</summary>
    private static readonly ExecutionContext Nothing = EmptyContext();

    private readonly Lock _gate = new();
    private readonly PluginPool _pool;
    private readonly TurnLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private PluginTurn? _first;
    private PluginTurn? _last;
    private int _waiting;
    private bool _active;
    private volatile bool _running;
    private long _runningSince;
    private long _reportedSince;
    private string _runningName = "";
    private TurnWatch? _watch;
    private bool _stuck;
    private long _stuckAt;
    private ITimer? _patience;
    private bool _impatient;
    private bool _closed;
    private TaskCompletionSource? _drained;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="pool">Where its turns run.</param>
    /// <param name="limits">What it puts up with.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where plugin failures go, scoped to the object.</param>
    public TurnQueue(PluginPool pool, TurnLimits limits, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(limits);
        _pool = pool;
        _limits = limits;
        _time = time;
        _logger = logger;
    }

    /// <summary>The name of the object's type, for metrics.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>Whether turns may begin on the server's own threads; null for never.</summary>
    public TurnPace? Pace { get; init; }

    /// <summary>How many turns wait or run.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
                return _waiting + (_running ? 1 : 0);
        }
    }

    /// <summary>For how long the handler that runs now has been running; zero when none does.</summary>
    public TimeSpan RunningFor => Volatile.Read(ref _runningSince) is var since and not 0 ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>A turn that has been running for some time while others wait. Each turn is returned once.</summary>
    /// <param name="threshold">The time.</param>
    /// <returns>The name of the turn, its time, and the number of turns that wait; null when there is none.</returns>
    public (string Name, TimeSpan RunningFor, int Waiting)? TakeLongTurn(TimeSpan threshold)
    {
        long since = Volatile.Read(ref _runningSince);
        if (since == 0 || since == _reportedSince || _time.GetElapsedTime(since) < threshold)
            return null;
        lock (_gate)
        {
            if (_waiting == 0 || _stuck || !_running || Volatile.Read(ref _runningSince) != since)
                return null;
            _reportedSince = since;
            return (_runningName, _time.GetElapsedTime(since), _waiting);
        }
    }

    /// <summary>Whether a handler is over its limit and has not returned.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_gate)
                return _stuck;
        }
    }

    /// <summary>Puts a turn at the end of the queue, from any thread. A closed queue completes it with UNAVAILABLE at once.</summary>
    /// <param name="turn">The turn.</param>
    public void Enqueue(PluginTurn turn)
    {
        if (Add(turn))
            Begin();
    }

    /// <summary>The same, but for beginning: a caller that holds a lock begins the queue when it has left it.</summary>
    /// <param name="turn">The turn.</param>
    /// <returns>Whether the caller has to begin the queue: nothing of it runs before.</returns>
    public bool Add(PluginTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        bool refused = false;
        bool begin = false;
        lock (_gate)
        {
            if (_closed)
            {
                refused = true;
            }
            else
            {
                Append(turn);
                begin = !_active;
                _active = true;
                if (_stuck)
                {
                    turn.CameAt = _time.GetTimestamp();
                    BeImpatient(_limits.WaitBehindStuck);
                }
            }
        }

        if (refused)
        {
            Complete(turn, new PluginFault(PluginFault.Unavailable, "the object has ended"));
        }

        return begin;
    }

    /// <summary>Begins the queue elsewhere. To be called once for each time that <see cref="Add"/> asked for it.</summary>
    public void Begin()
    {
        // Whatever surrounded the caller (its activity, its request context) is not the turn's: a drain runs turns of many callers.
        bool suppressed = ExecutionContext.IsFlowSuppressed();
        AsyncFlowControl flow = suppressed ? default : ExecutionContext.SuppressFlow();
        try
        {
            Start();
        }
        finally
        {
            if (!suppressed)
                flow.Undo();
        }
    }

    /// <summary>
    /// Begins the queue on the caller's own thread if its handlers have been quick so far, else elsewhere. Returns when a handler first waits for something, or when nothing is left to do:
    /// whoever calls this can do without the thread if a handler blocks it.
    /// </summary>
    public void BeginHere()
    {
        if (Pace is not { IsBrisk: true } || PoolGuest.IsHere)
        {
            Begin();
            return;
        }

        PoolScheduler.Lend(this);
        ExecutionContext.Run(Nothing, static queue => ((TurnQueue)queue!).Start(), this);
    }

    /// <summary>Takes no more turns and runs those that are queued. May be called again; not to be awaited inside a turn of this queue.</summary>
    /// <param name="cancellationToken">Gives up waiting; what is queued runs all the same.</param>
    /// <returns>Completes when the last handler has returned.</returns>
    public Task CloseAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _closed = true;
            if (!_active)
                return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return _drained.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The limit of a turn is over: its outcome is settled now, its token cancelled, and the queue stands until the handler returns.</summary>
    internal void Overdue(TurnWatch watch)
    {
        lock (_gate)
        {
            if (_watch != watch || !watch.Turn.TryClaim())
                return;
            _stuck = true;
            _stuckAt = _time.GetTimestamp();
            if (_first is not null)
                BeImpatient(_limits.WaitBehindStuck);
        }

        Log(() => LogOverdue(TypeName, watch.Limit));
        watch.Cancel();
        Settle(
            watch.Turn,
            new PluginFault(
                PluginFault.DeadlineExceeded,
                string.Create(CultureInfo.InvariantCulture, $"the handler took longer than {watch.Limit.TotalSeconds:0.###} seconds")));
    }

    private static ExecutionContext EmptyContext()
    {
        ExecutionContext? context = null;
        var thread = new Thread(() => context = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return context!;
    }

    /// <summary>Fails the turns that have waited long enough behind a stuck handler; those that must run stay, in their order.</summary>
    private void GiveUpWaiting()
    {
        List<PluginTurn>? given = null;
        lock (_gate)
        {
            _impatient = false;
            if (!_stuck)
                return;
            PluginTurn? turn = _first;
            _first = _last = null;
            _waiting = 0;
            while (turn is not null)
            {
                PluginTurn? next = turn.Next;
                turn.Next = null;
                if (turn.MustRun || _impatient)
                {
                    Append(turn);
                }
                else if (PatienceLeft(turn) is var left && left > TimeSpan.Zero)
                {
                    BeImpatient(left);
                    Append(turn);
                }
                else
                {
                    (given ??= []).Add(turn);
                }

                turn = next;
            }
        }

        foreach (PluginTurn turn in given ?? [])
            Complete(turn, new PluginFault(PluginFault.Unavailable, "the object does not answer: a handler before this one is over its time limit"));
    }

    private TimeSpan PatienceLeft(PluginTurn turn) => _limits.WaitBehindStuck - _time.GetElapsedTime(Math.Max(turn.CameAt, _stuckAt));

    /// <summary>Has <see cref="GiveUpWaiting"/> called after a time, unless it will be called sooner anyway.</summary>
    private void BeImpatient(TimeSpan after)
    {
        if (_impatient)
            return;
        _impatient = true;
        _patience ??= _time.CreateTimer(static queue => ((TurnQueue)queue!).GiveUpWaiting(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _patience.Change(after < ShortestWait ? ShortestWait : after, Timeout.InfiniteTimeSpan);
    }

    private void Append(PluginTurn turn)
    {
        if (_last is null)
            _first = turn;
        else
            _last.Next = turn;
        _last = turn;
        _waiting++;
    }

    private PluginTurn? RemoveFirst()
    {
        PluginTurn? turn = _first;
        if (turn is null)
            return null;
        _first = turn.Next;
        if (_first is null)
            _last = null;
        turn.Next = null;
        _waiting--;
        return turn;
    }

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning, Message = "A handler of type {Type} is over its limit of {Limit}; its object takes no message until it returns")]
    private partial void LogOverdue(string type, TimeSpan limit);
}
