using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Streams;

/// <summary>A call that stays open: it ends with its session, with this gateway, or when its caller gives up.</summary>
internal sealed class LongCall : IDisposable
{
    private readonly SessionWatch.Entry _entry;
    private readonly GatewayDrain _drain;
    private readonly CancellationToken _cancelled;
    private readonly CancellationTokenSource _stopped;
    private readonly Action<SessionWatch.Entry> _close;
    private bool _sawEnd;

    public LongCall(SessionWatch.Entry entry, GatewayDrain drain, CancellationToken cancelled, Action<SessionWatch.Entry> close)
    {
        _entry = entry;
        _drain = drain;
        _cancelled = cancelled;
        _close = close;
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(entry.Ended, drain.StreamsEnd, cancelled);
    }

    /// <summary>The call's own cancellation.</summary>
    public CancellationToken Cancelled => _cancelled;

    /// <summary>Fires at the first of the three.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Whether the session has ended, or ends with this gateway.</summary>
    public bool SessionHasEnded => _sawEnd || _entry.Ended.IsCancellationRequested || _drain.Ends(_entry.SessionId);

    /// <summary>What a plugin is told of the end.</summary>
    public StreamEndReason EndReason =>
        _sawEnd || (_entry.Ended.IsCancellationRequested && _entry.Reason != SessionEndReason.Shutdown) ? StreamEndReason.SessionEnded
        : SessionHasEnded || _drain.StreamsEnd.IsCancellationRequested ? StreamEndReason.Shutdown
        : StreamEndReason.ClientCancelled;

    /// <summary>What the caller is told of the end.</summary>
    /// <param name="sessionEnd">What they are told when the session ended; null for an orderly completion.</param>
    /// <exception cref="FaultException">Unless the completion is orderly.</exception>
    public void ThrowEnd(Fault? sessionEnd)
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

    /// <summary>Whether an exception is only how the end shows. A session that is not there any more has ended, even if the watch has not heard of it yet.</summary>
    public bool EndsWith(Exception exception)
    {
        _sawEnd |= exception is FaultException { Fault.Code: FaultCode.Unauthenticated };
        return _sawEnd || (exception is OperationCanceledException && Stopped.IsCancellationRequested);
    }

    public void Dispose()
    {
        _stopped.Dispose();
        _close(_entry);
    }
}
