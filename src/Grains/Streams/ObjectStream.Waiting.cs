using System.Collections.Immutable;

namespace Wharf.Grains.Streams;

/// <summary>The waits of the calls of a stream. One call waits at a time; a later call ends the wait of an earlier one.</summary>
internal sealed partial class ObjectStream
{
    // Timers have a resolution of milliseconds, and may fire a little early.
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
            EndPreviousWait();
            waiter.Target = _received;
            if (IsReady(waiter))
            {
                waiter.TrySetResult(Collect(waiter));
            }
            else
            {
                _waiter = waiter;
                SetTimer(waiter, isSend && _log.Next > _log.First ? _limits.OutputDelay : GrainLimits.LongestWait);
            }
        }

        // Continue with the messages that waited because the output log was full.
        if (dispatch && Dispatch())
            _turns.Begin();
        return cancellationToken.CanBeCanceled && !waiter.Task.IsCompleted ? CancellableAsync(waiter, cancellationToken) : waiter.Task;
    }

    /// <summary>Ends the wait of an earlier call. It returns no parts, so that no part is returned twice. The caller holds the lock.</summary>
    private void EndPreviousWait()
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
                stream.CancelWait(waiter);
            },
            (this, waiter));
        return await waiter.Task.ConfigureAwait(false);
    }

    private void CancelWait(StreamWaiter waiter)
    {
        lock (_gate)
        {
            if (_waiter == waiter)
                _waiter = null;
        }

        waiter.TrySetCanceled();
    }

    /// <summary>Completes the waiting call if it has a result. The caller holds the lock.</summary>
    private void CompleteWaiter(bool outputCame)
    {
        if (_waiter is not { } waiter)
            return;
        if (IsReady(waiter))
        {
            _waiter = null;
            waiter.TrySetResult(Collect(waiter));
        }
        else if (outputCame && waiter.IsSend && !waiter.IsDelaySet)
        {
            waiter.IsDelaySet = true;
            SetTimer(waiter, _limits.OutputDelay);
        }
    }

    private bool IsReady(StreamWaiter waiter)
    {
        if (_end is not null)
            return true;
        if (waiter.IsSend)
        {
            // With a full log, the rest of the batch waits until the caller has acknowledged output.
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

    /// <summary>
    /// Sets the time at which the call returns. A timer that fires earlier is not changed but set again when it fires: most calls return before that.
    /// </summary>
    private void SetTimer(StreamWaiter waiter, TimeSpan after)
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
                SetTimer(waiter, left > ShortestWait ? left : ShortestWait);
                return;
            }

            _waiter = null;
            waiter.TrySetResult(Collect(waiter));
        }
    }
}

/// <summary>A waiting call of a stream.</summary>
/// <param name="isSend">Whether the call sent a batch, and so waits until it is handled.</param>
/// <param name="window">The number of bytes of output that the caller can receive.</param>
internal sealed class StreamWaiter(bool isSend, int window)
    : TaskCompletionSource<StreamOutput>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public bool IsSend => isSend;

    /// <summary>The part up to which the batch must be handled.</summary>
    public long Target { get; set; }

    public int Window => window;

    /// <summary>Whether there is output, which is returned after a short delay.</summary>
    public bool IsDelaySet { get; set; }

    /// <summary>The time at which the call returns.</summary>
    public long Due { get; set; }
}
