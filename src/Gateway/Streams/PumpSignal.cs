using System.Threading.Tasks.Sources;

namespace Wharf.Gateway.Streams;

/// <summary>
/// Wakes a pump: set by whoever has something for it, waited for by the pump alone. The pump goes on right there, on the thread that set it, because a message that has just
/// come need not wait for another thread; where that must not be, <see cref="SetElsewhere"/>. Nothing is allocated.
/// </summary>
internal sealed class PumpSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Signalled = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Waits until it is set, or has been since the last wait.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
            return new ValueTask(this, _core.Version);
        Volatile.Write(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    /// <summary>Wakes the pump, or keeps it from waiting the next time.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Signalled) != Waiting)
            return;
        // Who sets it meanwhile says nothing that the pump does not see when it goes on.
        Volatile.Write(ref _state, Idle);
        _core.SetResult(true);
    }

    /// <summary>The same from a thread that has other things to do.</summary>
    public void SetElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(static signal => signal.Set(), this, preferLocal: false);

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        _core.Reset();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
