using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Telemetry;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>From credentials and tokens to sessions.</summary>
internal sealed class SessionLogins(
    IGrainFactory grains,
    LoginHandlers handlers,
    LoginThrottle throttle,
    SessionTokens tokens,
    SessionStarts starts,
    RecentSessions recent,
    IOptions<GatewaySessionOptions> sessions,
    AuditLog audit,
    GatewayInstruments instruments)
{
    private const string UnknownScheme = "an unknown scheme";

    /// <summary>The failure of every login that is not good.</summary>
    public static Fault Refused { get; } = new(FaultCode.Unauthenticated, StatusTexts.AuthenticationDetailsInvalid);

    /// <summary>The live session that a token names, or null.</summary>
    public async ValueTask<CallSession?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (tokens.SessionOf(token) is not { } sessionId)
            return null;
        var known = recent.Find(sessionId);
        var grain = known?.Grain ?? grains.GetGrain<ISessionGrain>(sessionId);
        try
        {
            var status = await GrainCalls.RetryOnceAsync(grain, static (session, cancellation) => session.TouchAsync(cancellation), cancellationToken);
            if (known is null)
                recent.Add(known = new RecentSession(grain, status.Caller, tokens));
            return Confirmed(known, status);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.Unauthenticated)
        {
            recent.Remove(sessionId);
            return null;
        }
    }

    /// <summary>The session that the token of an <c>authorization</c> header names, if calls came from it lately. Whether it lives is still to be asked.</summary>
    public CallSession? Recall(string header) =>
        AuthorizationHeader.Token(header) is { } token && tokens.SessionOf(token) is { } sessionId && recent.Find(sessionId) is { } session
            ? new CallSession(session)
            : null;

    /// <summary>Whether headers have a token of this cluster that is not too old, in any of its places. Whether its session lives is still to be asked.</summary>
    public bool HasToken(IHeaderDictionary headers) =>
        (headers.Authorization is { Count: > 0 } values && values[^1] is { } authorization && tokens.SessionOf(AuthorizationHeader.Token(authorization)) is not null)
        || (headers.Cookie is { Count: > 0 } cookies && tokens.SessionOf(AuthorizationHeader.CookieToken(cookies.ToString())) is not null)
        || (headers.TryGetValue(WireHeaders.AuthTokenBinary, out var binary) && tokens.SessionOf(BinaryHeader.ReadText(binary[^1])) is not null);

    /// <summary>Reads an <c>authorization</c> header: a token, else a login.</summary>
    /// <exception cref="FaultException">It is neither.</exception>
    public async ValueTask<CallSession> FromHeaderAsync(string header, string address, CancellationToken cancellationToken)
    {
        var token = AuthorizationHeader.Token(header);
        if (token is not null && await FindAsync(token, cancellationToken) is { } session)
            return session;
        string? tried = null;
        foreach (var login in AuthorizationHeader.Logins(header))
        {
            if (handlers.Find(login.Scheme) is not { } handler)
                continue;
            tried = login.Scheme;
            if (await LoginAsync(handler, System.Text.Encoding.UTF8.GetBytes(login.Payload), address, cancellationToken) is { } made)
                return made;
        }
        // A token that is no longer good is everyday life and no attempt at guessing.
        throw tried is not null ? Fail(tried, address)
            : token is not null ? new FaultException(Refused)
            : Fail(UnknownScheme, address, RefusedScheme.OfHeader(header));
    }

    /// <summary>Tries the payload of a handshake.</summary>
    /// <returns>The session, or null for a token that is well-formed and names no live session.</returns>
    /// <exception cref="FaultException">The credentials are not good.</exception>
    public async ValueTask<CallSession?> FromHandshakeAsync(ReadOnlyMemory<byte> bytes, string address, CancellationToken cancellationToken)
    {
        if (HandshakePayload.Read(bytes) is not { } login)
            throw Fail(UnknownScheme, address, RefusedScheme.OfHandshake(null));
        bool isToken = login.Scheme == LoginSchemes.Bearer;
        if (isToken && await FindAsync(System.Text.Encoding.UTF8.GetString(login.Payload.Span), cancellationToken) is { } session)
            return session;
        if (handlers.Find(login.Scheme) is { } handler)
            return await LoginAsync(handler, login.Payload, address, cancellationToken) ?? throw Fail(login.Scheme, address);
        if (!isToken)
            throw Fail(UnknownScheme, address, RefusedScheme.OfHandshake(login));
        return tokens.IsWellFormed(System.Text.Encoding.UTF8.GetString(login.Payload.Span)) ? null : throw new FaultException(Refused);
    }

    private async ValueTask<CallSession?> LoginAsync(
        IAuthenticationHandler handler, ReadOnlyMemory<byte> payload, string address, CancellationToken cancellationToken)
    {
        if (await CheckAsync(handler, payload, address, cancellationToken) is not { } identity)
            return null;
        if (NameRules.FindProblem(identity, "user name") is { } problem)
            throw new FaultException(FaultCode.InvalidArgument, problem);
        var (grain, status) = await starts.BeginAsync(
            sessionId => new SessionLogin(new CallerIdentity(identity, sessionId, handler.Name), address, sessions.Value.Duration), cancellationToken);
        audit.LoggedIn(identity, handler.Name, address, status.Caller.SessionId);
        instruments.LoggedIn(handler.Name);
        return Confirmed(new RecentSession(grain, status.Caller, tokens), status);
    }

    private static CallSession Confirmed(RecentSession session, SessionStatus status)
    {
        var call = new CallSession(session);
        call.Confirm(status);
        return call;
    }

    private async ValueTask<string?> CheckAsync(
        IAuthenticationHandler handler, ReadOnlyMemory<byte> payload, string address, CancellationToken cancellationToken)
    {
        // Correct credentials are refused too; otherwise guesses could be confirmed without a delay.
        if (throttle.IsExhausted(address, handler.Name))
            return null;
        // Neither the status nor the time tells a caller that the credentials were correct.
        if (handler.IsLoopbackOnly && !ClientAddress.IsLoopback(address))
            return null;
        return await handler.AuthenticateAsync(payload, cancellationToken);
    }

    // Failures are counted by the server's scheme names: a client cannot choose another name for each attempt.
    private FaultException Fail(string scheme, string address, string? named = null)
    {
        instruments.Refused(scheme);
        var failure = throttle.Fail(address, scheme);
        if (failure == LoginFailure.Counted)
        {
            audit.Refused(named ?? scheme, address);
            return new FaultException(Refused);
        }

        if (failure == LoginFailure.ThrottledFirst)
            audit.Throttled(scheme, address, LoginThrottle.Window);
        return new FaultException(FaultCode.ResourceExhausted, "Too many failed logins from your address; wait a minute");
    }
}
