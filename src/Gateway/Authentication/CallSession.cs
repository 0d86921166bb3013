using Grpc.Core;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>The session that a call was tied to when it began; it stays the same to the call's end.</summary>
/// <param name="session">The session.</param>
internal sealed class CallSession(RecentSession session)
{
    private SessionStatus? _status;

    public ISessionGrain Grain => session.Grain;

    public CallerIdentity Caller => session.Caller;

    public string Id => session.Caller.SessionId;

    /// <summary>Whether the session has answered since the call began, and so lives.</summary>
    public bool IsConfirmed => _status is not null;

    /// <summary>What the session answered.</summary>
    public SessionStatus Status => _status ?? throw new InvalidOperationException("the session has not been asked yet");

    /// <summary>The current token, without a scheme.</summary>
    public string Token => session.Token(Status);

    /// <summary>Takes note of the session's answer.</summary>
    public void Confirm(SessionStatus status) => _status = status;
}

/// <summary>How handlers get at the session of their call.</summary>
internal static class CallSessionExtensions
{
    /// <summary>The call's session, or null.</summary>
    public static CallSession? FindSession(this ServerCallContext context) => context.GetHttpContext().Features.Get<CallSession>();

    /// <summary>The call's session.</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public static CallSession RequireSession(this ServerCallContext context) => context.FindSession() ?? throw new FaultException(Fault.NoSession);
}
