using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Tokens as this gateway writes and reads them. A token says which session; whether that lives is asked of the session.</summary>
internal sealed class SessionTokens(SessionTokenSigner signer, TimeProvider time)
{
    /// <summary>The text of a session's current token.</summary>
    public string Write(SessionStatus status) =>
        signer.Sign(new SessionTokenClaims(status.Caller.SessionId, status.IssuedMilliseconds, status.DeadlineMilliseconds));

    /// <summary>Whether a text may once have been a token: one of ours, or one of the servers that give out UUIDs.</summary>
    public bool IsWellFormed(string token) => Guid.TryParseExact(token, "D", out _) || signer.TryVerify(token, out _);

    /// <summary>The session that a token names, or null when it is not one of ours or no longer good.</summary>
    public string? SessionOf(string? token) =>
        signer.TryVerify(token, out var claims) && claims.DeadlineUnixMilliseconds > time.GetUtcNow().ToUnixTimeMilliseconds() ? claims.SessionId : null;
}
