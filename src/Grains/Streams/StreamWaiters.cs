namespace Wharf.Grains.Streams;

/// <summary>The state of a stream that its waiting calls depend on.</summary>
internal interface IStreamState
{
    /// <summary>Returns whether a call has a result.</summary>
    bool IsReady(StreamWaiter waiter);

    /// <summary>Returns the result of a call, and records what it reports.</summary>
    StreamOutput Collect(StreamWaiter waiter);

    /// <summary>Returns the result of a call whose wait a later call ends. It has no parts, so that no part is returned twice.</summary>
    StreamOutput CollectNothing();
}

/// <summary>The waits of the calls of a stream. One call waits at a time; a later call ends the wait of an earlier one.</summary>
/// <param name="gate">The lock of the stream.</param>
/// <param name="state">The stream, guarded by the lock.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamWaiters(Lock gate, IStreamState state, TimeProvider time) : IDisposable
{
    // Timers have a resolution of milliseconds, and may fire a little early.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private StreamWaiter? _waiter;
    private ITimer? _timer;
    private long _timerDue;

    /// <summary>Completes a call if it has a result; otherwise lets it wait. The caller holds the lock.</summary>
    /// <param name="waiter">The call.</param>
    /// <param name="longest">The maximum time of the wait.</param>
    public void Add(StreamWaiter waiter, TimeSpan longest)
    {
        if (state.IsReady(waiter))
        {
            waiter.TrySetResult(state.Collect(waiter));
            return;
        }

        _waiter = waiter;
        SetTimer(waiter, longest);
    }

    /// <summary>Ends the wait of an earlier call. The caller holds the lock.</summary>
    public void EndPreviousWait()
    {
        _waiter?.TrySetResult(state.CollectNothing());
        _waiter = null;
    }

    /// <summary>Completes the waiting call if it has a result. The caller holds the lock.</summary>
    /// <param name="delay">The maximum time until a call with a batch returns after new output; null without new output.</param>
    public void OnChanged(TimeSpan? delay = null)
    {
        if (_waiter is not { } waiter)
            return;
        if (state.IsReady(waiter))
        {
            _waiter = null;
            waiter.TrySetResult(state.Collect(waiter));
        }
        else if (delay is { } longest && waiter.IsSend && !waiter.IsDelaySet)
        {
            waiter.IsDelaySet = true;
            SetTimer(waiter, longest);
        }
    }

    /// <summary>Returns the task of a call, which a token can cancel.</summary>
    public Task<StreamOutput> ResultOf(StreamWaiter waiter, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled && !waiter.Task.IsCompleted ? CancellableAsync(waiter, cancellationToken) : waiter.Task;

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private async Task<StreamOutput> CancellableAsync(StreamWaiter waiter, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(
            static argument =>
            {
                var (waiters, waiter) = ((StreamWaiters, StreamWaiter))argument!;
                waiters.Cancel(waiter);
            },
            (this, waiter));
        return await waiter.Task.ConfigureAwait(false);
    }

    private void Cancel(StreamWaiter waiter)
    {
        lock (gate)
        {
            if (_waiter == waiter)
                _waiter = null;
        }

        waiter.TrySetCanceled();
    }

    /// <summary>
    /// Sets the time at which the call returns. A timer that fires earlier is not changed but set again when it fires: most calls return before that.
    /// </summary>
    private void SetTimer(StreamWaiter waiter, TimeSpan after)
    {
        waiter.Due = time.GetTimestamp() + (long)(after.TotalSeconds * time.TimestampFrequency);
        if (_timerDue != 0 && _timerDue <= waiter.Due)
            return;
        _timerDue = waiter.Due;
        if (_timer is null)
            _timer = time.CreateTimer(static waiters => ((StreamWaiters)waiters!).OnTimer(), this, after, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(after, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (gate)
        {
            _timerDue = 0;
            if (_waiter is not { } waiter)
                return;
            if (time.GetElapsedTime(time.GetTimestamp(), waiter.Due) is { Ticks: > 0 } left)
            {
                SetTimer(waiter, left > ShortestWait ? left : ShortestWait);
                return;
            }

            _waiter = null;
            waiter.TrySetResult(state.Collect(waiter));
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
