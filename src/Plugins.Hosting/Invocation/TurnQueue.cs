using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// Orders the calls into a plugin: the turns of an object, or of one stream of a concurrent object. A turn begins after the previous handler has returned. The outcome of a handler
/// that is over its time limit is reported, but the next turn still waits for its return.
/// </summary>
/// <remarks>A burst of turns is one <see cref="TurnRun"/>. <see cref="IThreadChoice"/> chooses its thread.</remarks>
public sealed partial class TurnQueue
{
    /// <summary>The minimum due time of the timer, which may fire slightly early.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    /// <summary>The context of a new thread.</summary>
    private static readonly ExecutionContext EmptyContext = CreateEmptyContext();

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
    private ITimer? _expiry;
    private bool _hasExpiry;
    private bool _closed;
    private TaskCompletionSource? _drained;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="pool">The pool that runs the turns.</param>
    /// <param name="limits">The limits of the turns.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The logger of plugin failures, scoped to the object.</param>
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

    /// <summary>The speed of the object type, by which its turns may run inline; null if they never do.</summary>
    public HandlerSpeed? Speed { get; init; }

    /// <summary>The number of turns that wait or run.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
                return _waiting + (_running ? 1 : 0);
        }
    }

    /// <summary>The running time of the current handler; zero if none is running.</summary>
    public TimeSpan RunningFor => Volatile.Read(ref _runningSince) is var since and not 0 ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Takes the running turn if it exceeds a time while others wait. Each turn is returned once.</summary>
    /// <param name="threshold">The time.</param>
    /// <returns>The name of the turn, its running time, and the number of waiting turns; null if there is no such turn.</returns>
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

    /// <summary>Adds a turn at the end of the queue and begins the queue on another thread. A closed queue completes the turn with UNAVAILABLE. Thread-safe.</summary>
    /// <param name="turn">The turn.</param>
    public void Enqueue(PluginTurn turn)
    {
        if (Add(turn))
            Begin();
    }

    /// <summary>As <see cref="Enqueue"/>, but does not begin the queue: a caller that holds a lock begins it after the release.</summary>
    /// <param name="turn">The turn.</param>
    /// <returns>Whether the caller has to call <see cref="Begin"/> or <see cref="BeginHere"/>. No turn runs before.</returns>
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
                    turn.EnqueuedAt = _time.GetTimestamp();
                    ScheduleExpiry(_limits.WaitBehindStuck);
                }
            }
        }

        if (refused)
        {
            Complete(turn, new PluginFault(PluginFault.Unavailable, "the object has ended"));
        }

        return begin;
    }

    /// <summary>Begins the queue on another thread. Must be called once for each <see cref="Add"/> that has returned true.</summary>
    public void Begin()
    {
        // The execution context of the caller does not flow: a run has turns of many callers.
        bool suppressed = ExecutionContext.IsFlowSuppressed();
        AsyncFlowControl flow = suppressed ? default : ExecutionContext.SuppressFlow();
        try
        {
            Start(here: false);
        }
        finally
        {
            if (!suppressed)
                flow.Undo();
        }
    }

    /// <summary>
    /// Begins the queue on the calling thread if its type may run inline, otherwise on another thread. Returns when a handler awaits an incomplete task, or after the last turn. A handler
    /// may block the calling thread.
    /// </summary>
    public void BeginHere()
    {
        if (_pool.Choice.MayRunHere(Speed))
            ExecutionContext.Run(EmptyContext, static queue => ((TurnQueue)queue!).Start(here: true), this);
        else
            Begin();
    }

    /// <summary>Closes the queue and waits for the queued turns. May be called again; must not be awaited in a turn of this queue.</summary>
    /// <param name="cancellationToken">Cancels the wait; the queued turns still run.</param>
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

    /// <summary>Ends a turn whose time limit has expired: cancels its token and reports its outcome. The queue waits until the handler returns.</summary>
    internal void OnTimeLimit(TurnWatch watch)
    {
        lock (_gate)
        {
            if (_watch != watch || !watch.Turn.TryClaim())
                return;
            _stuck = true;
            _stuckAt = _time.GetTimestamp();
            if (_first is not null)
                ScheduleExpiry(_limits.WaitBehindStuck);
        }

        Log(() => LogTimeLimit(TypeName, watch.Limit));
        watch.Cancel();
        Report(
            watch.Turn,
            new PluginFault(
                PluginFault.DeadlineExceeded,
                string.Create(CultureInfo.InvariantCulture, $"the handler took longer than {watch.Limit.TotalSeconds:0.###} seconds")));
    }

    private static ExecutionContext CreateEmptyContext()
    {
        ExecutionContext? context = null;
        var thread = new Thread(() => context = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return context!;
    }

    /// <summary>Fails the turns whose wait behind a stuck handler has expired. Turns that must run stay in the queue.</summary>
    private void FailExpired()
    {
        List<PluginTurn>? expired = null;
        lock (_gate)
        {
            _hasExpiry = false;
            if (!_stuck)
                return;
            PluginTurn? turn = _first;
            _first = _last = null;
            _waiting = 0;
            while (turn is not null)
            {
                PluginTurn? next = turn.Next;
                turn.Next = null;
                if (turn.MustRun || _hasExpiry)
                {
                    Append(turn);
                }
                else if (TimeLeft(turn) is var left && left > TimeSpan.Zero)
                {
                    ScheduleExpiry(left);
                    Append(turn);
                }
                else
                {
                    (expired ??= []).Add(turn);
                }

                turn = next;
            }
        }

        foreach (PluginTurn turn in expired ?? [])
            Complete(turn, new PluginFault(PluginFault.Unavailable, "the object does not respond: an earlier handler is over its time limit"));
    }

    private TimeSpan TimeLeft(PluginTurn turn) => _limits.WaitBehindStuck - _time.GetElapsedTime(Math.Max(turn.EnqueuedAt, _stuckAt));

    /// <summary>Schedules <see cref="FailExpired"/>, unless it is already scheduled.</summary>
    private void ScheduleExpiry(TimeSpan after)
    {
        if (_hasExpiry)
            return;
        _hasExpiry = true;
        _expiry ??= _time.CreateTimer(static queue => ((TurnQueue)queue!).FailExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _expiry.Change(after < ShortestWait ? ShortestWait : after, Timeout.InfiniteTimeSpan);
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

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning, Message = "A handler of type {Type} exceeded its time limit of {Limit}; its object handles no message until it returns")]
    private partial void LogTimeLimit(string type, TimeSpan limit);
}
