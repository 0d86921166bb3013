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

/// <summary>Finds the sessions of tokens, and creates sessions for credentials.</summary>
internal sealed class SessionLogins(
    IGrainFactory grains,
    LoginHandlers handlers,
    LoginThrottle throttle,
    SessionTokens tokens,
    SessionStarts starts,
    LoginRoles access,
    RecentSessions recent,
    IOptions<GatewaySessionOptions> sessions,
    AuditLog audit,
    GatewayInstruments instruments)
{
    private const string UnknownScheme = "an unknown scheme";

    /// <summary>The failure of a login with invalid credentials.</summary>
    public static Fault Refused { get; } = new(FaultCode.Unauthenticated, StatusTexts.AuthenticationDetailsInvalid);

    /// <summary>Returns the live session of a token, or null.</summary>
    public async ValueTask<CallSession?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (tokens.SessionOf(token) is not { } sessionId)
            return null;
        var known = recent.Find(sessionId);
        var grain = known?.Grain ?? grains.GetGrain<ISessionGrain>(sessionId);
        try
        {
            var status = await GrainCallRetry.RetryOnceAsync(grain, static (session, cancellation) => session.TouchAsync(cancellation), cancellationToken);
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

    /// <summary>Returns the session of the token in an <c>authorization</c> header if it made a call recently, or null. It does not check whether the session is live.</summary>
    public CallSession? FindRecent(string header) =>
        AuthorizationHeader.Token(header) is { } token && tokens.SessionOf(token) is { } sessionId && recent.Find(sessionId) is { } session
            ? new CallSession(session)
            : null;

    /// <summary>Returns whether one of the headers has a token of this cluster that has not expired. It does not check whether the session is live.</summary>
    public bool HasToken(IHeaderDictionary headers) =>
        (headers.Authorization is { Count: > 0 } values && values[^1] is { } authorization && tokens.SessionOf(AuthorizationHeader.Token(authorization)) is not null)
        || (headers.Cookie is { Count: > 0 } cookies && tokens.SessionOf(AuthorizationHeader.CookieToken(cookies.ToString())) is not null)
        || (headers.TryGetValue(WireHeaders.AuthTokenBinary, out var binary) && tokens.SessionOf(BinaryHeader.ReadText(binary[^1])) is not null);

    /// <summary>Returns the session of an <c>authorization</c> header: that of its token, or a new one if the header is a login.</summary>
    /// <exception cref="FaultException">The header has neither a valid token nor valid credentials.</exception>
    public async ValueTask<CallSession> FindOrLoginAsync(string header, LoginSource source, CancellationToken cancellationToken)
    {
        var token = AuthorizationHeader.Token(header);
        if (token is not null && await FindAsync(token, cancellationToken) is { } session)
            return session;
        string? tried = null;
        foreach (var login in AuthorizationHeader.Logins(header))
        {
            // An expired token is normal; do not count it as a failed login.
            if (handlers.Find(login.Scheme) is not { } handler || IsTokenOfASession(login))
                continue;
            tried = handler.Name;
            if (await LoginAsync(handler, System.Text.Encoding.UTF8.GetBytes(login.Payload), source, cancellationToken) is { } made)
                return made;
        }
        throw tried is not null ? Fail(tried, source.Address)
            : token is not null ? new FaultException(Refused)
            : Fail(UnknownScheme, source.Address, RefusedScheme.OfHeader(header));
    }

    /// <summary>Returns the session of a handshake's payload: that of its token, or a new one if the payload is a login.</summary>
    /// <returns>The session, or null for a well-formed token without a live session.</returns>
    /// <exception cref="FaultException">The credentials are invalid.</exception>
    public async ValueTask<CallSession?> FromHandshakeAsync(ReadOnlyMemory<byte> bytes, LoginSource source, CancellationToken cancellationToken)
    {
        if (HandshakePayload.Read(bytes) is not { } login)
            throw Fail(UnknownScheme, source.Address, RefusedScheme.OfHandshake(null));
        var token = login.Scheme == LoginSchemes.Bearer ? System.Text.Encoding.UTF8.GetString(login.Payload.Span) : null;
        if (token is not null && await FindAsync(token, cancellationToken) is { } session)
            return session;
        if (token is not null && tokens.IsWellFormed(token))
            return null;
        if (handlers.Find(login.Scheme) is { } handler && (token is null || !SessionTokenSigner.HasForm(token)))
            return await LoginAsync(handler, login.Payload, source, cancellationToken) ?? throw Fail(handler.Name, source.Address);
        throw token is null ? Fail(UnknownScheme, source.Address, RefusedScheme.OfHandshake(login)) : new FaultException(Refused);
    }

    private async ValueTask<CallSession?> LoginAsync(
        IAuthenticationHandler handler, ReadOnlyMemory<byte> payload, LoginSource source, CancellationToken cancellationToken)
    {
        var address = source.Address;
        if (await CheckAsync(handler, new LoginRequest(payload, source.Certificate), address, cancellationToken) is not { } principal)
            return null;
        if (NameRules.FindProblem(principal.Identity, "user name") is { } problem)
            throw new FaultException(FaultCode.InvalidArgument, problem);
        var roles = access.Of(handler.Name, principal);
        if (roles.IsEmpty && access.AreConfigured)
        {
            audit.WithoutRole(principal.Identity, handler.Name, address);
            throw new FaultException(FaultCode.PermissionDenied, "No role allows this login");
        }

        var (grain, status) = await starts.BeginAsync(
            sessionId => new SessionLogin(new CallerIdentity(principal.Identity, sessionId, handler.Name) { Roles = roles }, address, sessions.Value.Duration) { EndsAt = principal.EndsAt },
            cancellationToken);
        audit.LoggedIn(principal.Identity, handler.Name, address, status.Caller.SessionId);
        instruments.LoggedIn(handler.Name);
        return Confirmed(new RecentSession(grain, status.Caller, tokens), status);
    }

    private static bool IsTokenOfASession(LoginAttempt login) =>
        login.Scheme == LoginSchemes.Bearer && (SessionTokenSigner.HasForm(login.Payload) || Guid.TryParseExact(login.Payload, "D", out _));

    private static CallSession Confirmed(RecentSession session, SessionStatus status)
    {
        var call = new CallSession(session);
        call.Confirm(status);
        return call;
    }

    private async ValueTask<AuthenticatedPrincipal?> CheckAsync(
        IAuthenticationHandler handler, LoginRequest attempt, string address, CancellationToken cancellationToken)
    {
        // Correct credentials are refused too; otherwise guesses could be confirmed without a delay.
        if (throttle.IsExhausted(address, handler.Name))
            return null;
        // The check comes first, so that neither the status nor the time discloses whether the credentials are correct.
        if (handler.IsLoopbackOnly && !ClientAddress.IsLoopback(address))
            return null;
        return await handler.LoginAsync(attempt, cancellationToken);
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
