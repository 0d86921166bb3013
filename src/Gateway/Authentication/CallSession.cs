using Grpc.Core;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>The session of a call. It does not change during the call.</summary>
/// <param name="session">The session.</param>
internal sealed class CallSession(RecentSession session)
{
    private SessionStatus? _status;

    public ISessionGrain Grain => session.Grain;

    public CallerIdentity Caller => session.Caller;

    public string Id => session.Caller.SessionId;

    /// <summary>Whether the session has returned its status since the call began, and is therefore live.</summary>
    public bool IsConfirmed => _status is not null;

    /// <summary>The status that the session returned.</summary>
    public SessionStatus Status => _status ?? throw new InvalidOperationException("the session is not confirmed yet");

    /// <summary>The current token, without a scheme.</summary>
    public string Token => session.Token(Status);

    /// <summary>Records the status that the session returned.</summary>
    public void Confirm(SessionStatus status) => _status = status;
}

/// <summary>Returns the session of a call to its handler.</summary>
internal static class CallSessionExtensions
{
    /// <summary>Returns the call's session, or null.</summary>
    public static CallSession? FindSession(this ServerCallContext context) => context.GetHttpContext().Features.Get<CallSession>();

    /// <summary>Returns the call's session.</summary>
    /// <exception cref="FaultException">The call has no session.</exception>
    public static CallSession RequireSession(this ServerCallContext context) => context.FindSession() ?? throw new FaultException(Fault.NoSession);
}
