using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Wharf.Grains;

namespace Wharf.Gateway.Edge;

/// <summary>
/// A call without a session. It counts towards the limits of its address until it ends or a session is found. A stream is cancelled when its time limit expires.
/// </summary>
internal sealed class UnauthenticatedCall : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly Lock _lock = new();
    private readonly IHttpRequestLifetimeFeature _inner;
    private readonly CancellationTokenSource? _cut;
    private readonly ITimer? _timer;
    private LimitedMessages? _messages;
    private volatile bool _isOver;

    private UnauthenticatedCall(HttpContext http, UnauthenticatedUse.Part part, TimeSpan? streamTime, TimeProvider time)
    {
        Part = part;
        _inner = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        if (streamTime is not { } longest)
            return;
        _cut = CancellationTokenSource.CreateLinkedTokenSource(_inner.RequestAborted);
        RequestAborted = _cut.Token;
        http.Features.Set<IHttpRequestLifetimeFeature>(this);
        _timer = time.CreateTimer(static call => ((UnauthenticatedCall)call!).End(), this, longest, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The failure of a stream that exceeded its time limit.</summary>
    public static Fault Over { get; } = new(FaultCode.DeadlineExceeded, "A stream without a session stays open for a limited time; open it again, or log in");

    /// <summary>The call's part of the limits.</summary>
    public UnauthenticatedUse.Part Part { get; }

    /// <summary>Whether the stream exceeded its time limit.</summary>
    public bool IsOver => _isOver;

    /// <summary>Whether the call has a session, or its caller is a node.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>A token that is cancelled when the client ends the stream, or when the time limit expires.</summary>
    public CancellationToken RequestAborted { get; set; }

    /// <summary>Begins a call.</summary>
    /// <param name="http">The call.</param>
    /// <param name="part">The call's part of the limits.</param>
    /// <param name="streamTime">The time limit; null for a call that is not a stream.</param>
    /// <param name="time">The clock.</param>
    public static UnauthenticatedCall Begin(HttpContext http, UnauthenticatedUse.Part part, TimeSpan? streamTime, TimeProvider time)
    {
        var call = new UnauthenticatedCall(http, part, streamTime, time);
        http.Features.Set(call);
        return call;
    }

    /// <summary>Returns the state of a call that began without a session; null for any other call.</summary>
    public static UnauthenticatedCall? Of(HttpContext http) => http.Features.Get<UnauthenticatedCall>();

    /// <summary>Removes the call from the limits, and its time limit, because it has a session or its caller is a node.</summary>
    public void Leave()
    {
        lock (_lock)
            HasLeft = true;
        Part.Dispose();
        _timer?.Dispose();
    }

    /// <summary>Limits the messages of a stream.</summary>
    public void LimitMessages(HttpContext http, int limit)
    {
        _messages = new LimitedMessages(http.Request.BodyReader, limit, this);
        http.Features.Set<IRequestBodyPipeFeature>(new LimitedBody(_messages));
    }

    /// <inheritdoc/>
    public void Abort() => _inner.Abort();

    public void Dispose()
    {
        Leave();
        _cut?.Dispose();
    }

    // A call that has ended must not be cancelled: its connection may already serve another call.
    private void End()
    {
        lock (_lock)
        {
            if (HasLeft)
                return;
            _isOver = true;
            // Not every handler monitors the token while it reads.
            _messages?.CancelPendingRead();
            _cut!.Cancel();
        }
    }

    private sealed class LimitedBody(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
