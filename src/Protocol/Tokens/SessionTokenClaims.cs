namespace Wharf.Protocol;

/// <summary>The claims of a session token. A valid token does not imply that the session is still open.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="IssuedUnixMilliseconds">The time at which the token was issued.</param>
/// <param name="DeadlineUnixMilliseconds">The time from which the token is no longer valid.</param>
public sealed record SessionTokenClaims(string SessionId, long IssuedUnixMilliseconds, long DeadlineUnixMilliseconds);
