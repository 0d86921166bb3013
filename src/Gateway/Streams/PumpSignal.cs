using System.Threading.Tasks.Sources;

namespace Wharf.Gateway.Streams;

/// <summary>
/// An auto-reset signal with one waiter, the pump. The pump continues on the thread that sets the signal, so that a message is processed without a thread switch. Use
/// <see cref="SetOnThreadPool"/> on threads that must not run the pump. It does not allocate.
/// </summary>
internal sealed class PumpSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Signalled = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Waits for the signal. Completes immediately if it was set since the last wait.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
            return new ValueTask(this, _core.Version);
        Volatile.Write(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    /// <summary>Resumes the pump, or completes its next wait immediately.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Signalled) != Waiting)
            return;
        // A concurrent Set is redundant: the pump reads the whole state when it resumes.
        Volatile.Write(ref _state, Idle);
        _core.SetResult(true);
    }

    /// <summary>Sets the signal on a thread of the thread pool.</summary>
    public void SetOnThreadPool() => ThreadPool.UnsafeQueueUserWorkItem(static signal => signal.Set(), this, preferLocal: false);

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        _core.Reset();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
