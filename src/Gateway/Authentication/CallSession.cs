using Grpc.Core;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>The session that a call was tied to when it began; it stays the same to the call's end.</summary>
internal sealed class CallSession(ISessionGrain grain, SessionStatus status, string token)
{
    public ISessionGrain Grain { get; } = grain;

    public SessionStatus Status { get; } = status;

    public CallerIdentity Caller => Status.Caller;

    public string Id => Status.Caller.SessionId;

    /// <summary>The current token, without a scheme.</summary>
    public string Token { get; } = token;
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
