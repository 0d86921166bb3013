using System.Collections.Immutable;

namespace Wharf.Grains.Streams;

/// <summary>How a stream's calls wait: one at a time, a later one taking over from an earlier.</summary>
internal sealed partial class ObjectStream
{
    // A timer knows milliseconds only, and may ring a little early.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private Task<StreamOutput> WaitAsync(long acknowledged, int window, bool isSend, CancellationToken cancellationToken)
    {
        var waiter = new StreamWaiter(isSend, window);
        bool dispatch;
        lock (_gate)
        {
            _lastContact = _time.GetTimestamp();
            var wasFull = _log.IsFull;
            if (_log.Acknowledge(acknowledged))
                ChargeQueues(added: 0);
            dispatch = wasFull && !_log.IsFull;
            Overtake();
            waiter.Target = _received;
            if (IsReady(waiter))
            {
                waiter.TrySetResult(Collect(waiter));
            }
            else
            {
                _waiter = waiter;
                Arm(waiter, isSend && _log.Next > _log.First ? _limits.OutputDelay : GrainLimits.LongestWait);
            }
        }

        // What was held back because replies waited for the client can go on now.
        if (dispatch && Dispatch())
            _turns.Begin();
        return cancellationToken.CanBeCanceled && !waiter.Task.IsCompleted ? CancellableAsync(waiter, cancellationToken) : waiter.Task;
    }

    /// <summary>Ends the wait of an earlier call: it gets no parts, so that none comes twice. Inside the lock.</summary>
    private void Overtake()
    {
        _waiter?.TrySetResult(new StreamOutput(_log.First, [], _reportedHandled, _reportedConnected, null));
        _waiter = null;
    }

    private async Task<StreamOutput> CancellableAsync(StreamWaiter waiter, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(
            static state =>
            {
                var (stream, waiter) = ((ObjectStream, StreamWaiter))state!;
                stream.GiveUp(waiter);
            },
            (this, waiter));
        return await waiter.Task.ConfigureAwait(false);
    }

    private void GiveUp(StreamWaiter waiter)
    {
        lock (_gate)
        {
            if (_waiter == waiter)
                _waiter = null;
        }

        waiter.TrySetCanceled();
    }

    /// <summary>Answers the waiting call if it has something to hear. Inside the lock.</summary>
    private void Answer(bool outputCame)
    {
        if (_waiter is not { } waiter)
            return;
        if (IsReady(waiter))
        {
            _waiter = null;
            waiter.TrySetResult(Collect(waiter));
        }
        else if (outputCame && waiter.IsSend && !waiter.IsHurried)
        {
            waiter.IsHurried = true;
            Arm(waiter, _limits.OutputDelay);
        }
    }

    private bool IsReady(StreamWaiter waiter)
    {
        if (_end is not null)
            return true;
        if (waiter.IsSend)
        {
            // With a full log the rest of the batch waits for the caller to take what is there.
            return (_connected && _handled >= waiter.Target) || _log.Bytes >= _limits.OutputBytes || _log.IsFull;
        }

        if (waiter.Window <= 0)
            return false;
        return _log.Next > _log.First || (_handled != _reportedHandled && _handled == _received) || _connected != _reportedConnected;
    }

    private StreamOutput Collect(StreamWaiter waiter)
    {
        var first = _log.First;
        var parts = _log.Read(waiter.Window);
        _reportedHandled = _handled;
        _reportedConnected = _connected;
        var end = first + parts.Length == _log.Next || waiter.Window <= 0 ? _end : null;
        return new StreamOutput(first, parts, _handled, _connected, end);
    }

    /// <summary>Has a call answered after a time. A timer that rings sooner than that is left as it is, and set again when it has: most calls are answered before.</summary>
    private void Arm(StreamWaiter waiter, TimeSpan after)
    {
        waiter.Due = _time.GetTimestamp() + (long)(after.TotalSeconds * _time.TimestampFrequency);
        if (_timerDue != 0 && _timerDue <= waiter.Due)
            return;
        _timerDue = waiter.Due;
        if (_timer is null)
            _timer = _time.CreateTimer(static state => ((ObjectStream)state!).OnTimer(), this, after, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(after, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerDue = 0;
            if (_waiter is not { } waiter)
                return;
            if (_time.GetElapsedTime(_time.GetTimestamp(), waiter.Due) is { Ticks: > 0 } left)
            {
                Arm(waiter, left > ShortestWait ? left : ShortestWait);
                return;
            }

            _waiter = null;
            waiter.TrySetResult(Collect(waiter));
        }
    }
}

/// <summary>A call that waits on a stream.</summary>
/// <param name="isSend">Whether it brought a batch, and so waits for its end.</param>
/// <param name="window">How many bytes of output it can take.</param>
internal sealed class StreamWaiter(bool isSend, int window)
    : TaskCompletionSource<StreamOutput>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public bool IsSend => isSend;

    /// <summary>The part up to which the batch has to be handled.</summary>
    public long Target { get; set; }

    public int Window => window;

    /// <summary>Whether output has come and is to be answered soon.</summary>
    public bool IsHurried { get; set; }

    /// <summary>When the call is answered at the latest.</summary>
    public long Due { get; set; }
}
