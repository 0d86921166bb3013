using Wharf.Gateway.Drain;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Sessions;

/// <summary>A long-running call. It ends when its session ends, when this gateway stops, or when its caller cancels.</summary>
internal sealed class LongCall : IDisposable
{
    private readonly SessionWatch.Entry _entry;
    private readonly GatewayDrain _drain;
    private readonly CancellationToken _cancelled;
    private readonly CancellationTokenSource _stopped;
    private readonly Action<SessionWatch.Entry> _close;
    private bool _hasSeenSessionEnd;

    public LongCall(SessionWatch.Entry entry, GatewayDrain drain, CancellationToken cancelled, Action<SessionWatch.Entry> close)
    {
        _entry = entry;
        _drain = drain;
        _cancelled = cancelled;
        _close = close;
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(entry.Ended, drain.StreamsEnd, cancelled);
    }

    /// <summary>The cancellation token of the caller.</summary>
    public CancellationToken Cancelled => _cancelled;

    /// <summary>A token that is cancelled when the session ends, the gateway stops, or the caller cancels.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Whether the session has ended, or ends with this gateway.</summary>
    public bool SessionHasEnded => _hasSeenSessionEnd || _entry.Ended.IsCancellationRequested || _drain.IsEnding(_entry.SessionId);

    /// <summary>The reason that a plugin receives.</summary>
    public StreamEndReason EndReason =>
        _hasSeenSessionEnd || (_entry.Ended.IsCancellationRequested && _entry.Reason != SessionEndReason.Shutdown) ? StreamEndReason.SessionEnded
        : SessionHasEnded || _drain.StreamsEnd.IsCancellationRequested ? StreamEndReason.Shutdown
        : StreamEndReason.ClientCancelled;

    /// <summary>Throws the status with which the call ends, or returns if it completes with OK.</summary>
    /// <param name="sessionEnd">The fault if the session has ended; null to complete with OK.</param>
    /// <exception cref="FaultException">The session has ended, or the gateway stops.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public void ThrowIfFailed(Fault? sessionEnd)
    {
        if (SessionHasEnded)
        {
            if (sessionEnd is not null)
                throw new FaultException(sessionEnd);
            return;
        }
        if (_drain.StreamsEnd.IsCancellationRequested)
            throw new FaultException(GatewayDrain.Stopping);
        _cancelled.ThrowIfCancellationRequested();
    }

    /// <summary>Records the end of the session if an exception shows it, before <see cref="SessionWatch"/> has been notified.</summary>
    /// <returns>Whether the exception is a consequence of the end of the call.</returns>
    public bool RecordEnd(Exception exception)
    {
        _hasSeenSessionEnd |= exception is FaultException { Fault.Code: FaultCode.Unauthenticated };
        return _hasSeenSessionEnd || (exception is OperationCanceledException && Stopped.IsCancellationRequested);
    }

    public void Dispose()
    {
        _stopped.Dispose();
        _close(_entry);
    }
}
