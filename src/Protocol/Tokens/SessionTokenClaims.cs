namespace Wharf.Protocol;

/// <summary>What a session token says. That the token is genuine does not mean that the session lives; that is asked of the session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="IssuedUnixMilliseconds">When the token was made.</param>
/// <param name="DeadlineUnixMilliseconds">From when on it is no longer good.</param>
public sealed record SessionTokenClaims(string SessionId, long IssuedUnixMilliseconds, long DeadlineUnixMilliseconds);
