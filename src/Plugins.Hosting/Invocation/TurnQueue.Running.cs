using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>Runs the turns of the queue.</summary>
public sealed partial class TurnQueue
{
    /// <summary>Runs the queued turns, up to a limit. Called by <see cref="TurnRun"/>.</summary>
    internal async Task RunTurnsAsync()
    {
        // Each turn is a separate async method, so that a culture that a handler sets does not reach the next turn.
        PluginCulture.Apply();
        for (int turns = 0; turns < _limits.TurnsPerHop; turns++)
        {
            if (TakeNext() is not { } turn)
                return;
            await RunAsync(turn);
        }

        Begin();
    }

    private void Start(bool here) => new TurnRun(this, here).Start(_pool.Scheduler);

    private PluginTurn? TakeNext()
    {
        ITimer? expiry;
        TaskCompletionSource? drained;
        lock (_gate)
        {
            if (RemoveFirst() is { } turn)
            {
                _running = true;
                return turn;
            }

            _active = false;
            drained = _drained;
            expiry = _closed ? _expiry : null;
        }

        expiry?.Dispose();
        drained?.TrySetResult();
        return null;
    }

    /// <summary>Runs a turn and completes it. Never throws, so that the queue continues after any failure.</summary>
    private async ValueTask RunAsync(PluginTurn turn)
    {
        BorrowedThread.BeginTurn();
        PluginFault? fault = null;
        TurnWatch? watch = null;
        Activity? activity = null;
        CancellationToken token = turn.Cancelled;
        try
        {
            if (token.IsCancellationRequested)
            {
                fault = new PluginFault(PluginFault.Cancelled, "cancelled before its turn began");
            }
            else
            {
                long began = _time.GetTimestamp();
                if (_pool.Gate is { } gate && !turn.MustRun && !gate.IsOpenAt(began))
                {
                    if (!await gate.WhenDecidedAsync(token))
                        throw new PluginException(PluginStatus.Unavailable, "the node of the object was declared lost");
                    began = _time.GetTimestamp();
                }

                if ((turn.TimeLimit ?? _limits.TimeLimit) is { } limit && limit != Timeout.InfiniteTimeSpan)
                {
                    watch = Watch(turn, limit);
                    token = watch.Token;
                }

                // Started here, so that the activity covers the call only.
                activity = PluginActivities.Begin(TypeName, turn);
                _runningName = turn.Name;
                Volatile.Write(ref _runningSince, began);
                try
                {
                    await turn.InvokeAsync(token);
                }
                finally
                {
                    Volatile.Write(ref _runningSince, 0);
                    if (_pool.Instruments.TimesHandlers)
                        _pool.Instruments.HandlerReturned(TypeName, _time.GetElapsedTime(began));
                }
            }
        }
        catch (Exception thrown)
        {
            fault = PluginGuard.ToFault(thrown, _logger, _pool.Failures, TypeName, token);
        }

        try
        {
            if (activity is not null)
                PluginActivities.End(activity, fault);
        }
        catch (Exception listener)
        {
            fault ??= PluginGuard.ToFault(listener, _logger, _pool.Failures, TypeName, CancellationToken.None);
        }

        OnReturned(watch);
        Complete(turn, fault);
    }

    private TurnWatch Watch(PluginTurn turn, TimeSpan limit)
    {
        TurnWatch watch = new(turn, limit);
        lock (_gate)
            _watch = watch;
        watch.Start(this, _time);
        return watch;
    }

    private void OnReturned(TurnWatch? watch)
    {
        if (watch is null)
        {
            // A turn without a limit cannot be stuck.
            _running = false;
            return;
        }

        bool wasStuck;
        lock (_gate)
        {
            _running = false;
            _watch = null;
            wasStuck = _stuck;
            _stuck = false;
            if (_hasExpiry)
                _expiry!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _hasExpiry = false;
        }

        watch.Dispose();
        if (wasStuck)
            Log(() => LogReturned(TypeName));
    }

    private void Complete(PluginTurn turn, PluginFault? fault)
    {
        if (turn.TryClaim())
            Report(turn, fault);
    }

    /// <summary>Reports the outcome of a turn. Never throws: neither a meter listener nor the receiver of the outcome may stop the queue.</summary>
    private void Report(PluginTurn turn, PluginFault? fault)
    {
        try
        {
            if (fault is not null)
                _pool.Instruments.Fault(TypeName, fault.Code);
        }
        catch (Exception listener)
        {
            Log(() => LogCompletionFailed(ExceptionText.ForLog(listener), TypeName));
        }

        try
        {
            turn.Completed(fault);
        }
        catch (Exception defect)
        {
            Log(() => LogCompletionFailed(ExceptionText.ForLog(defect), TypeName));
        }
    }

    /// <summary>Writes to the log. Ignores exceptions of its providers.</summary>
    private static void Log(Action write)
    {
        try
        {
            write();
        }
        catch (Exception)
        {
            // The queue continues without the entry.
        }
    }

    [LoggerMessage(EventId = 3021, Level = LogLevel.Information, Message = "A handler of type {Type} that had exceeded its time limit has returned; its object handles messages again")]
    private partial void LogReturned(string type);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Error, Message = "Failed to report the outcome of a turn of type {Type}; the next turn begins")]
    private partial void LogCompletionFailed(Exception exception, string type);
}
