using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;
using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Writes and verifies session tokens. A token identifies a session; its grain decides whether the session is live.</summary>
internal sealed class SessionTokens(SessionTokenSigner signer, TimeProvider time) : IDisposable
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan SlidingExpiration = TimeSpan.FromMinutes(2);

    // A client sends one token with many calls. A valid signature is cached; the expiry is checked for each call.
    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>Signs a session's current token.</summary>
    public string Write(SessionStatus status) =>
        signer.Sign(new SessionTokenClaims(status.Caller.SessionId, status.IssuedMilliseconds, status.DeadlineMilliseconds));

    /// <summary>Returns whether a text has the form of a token: a token of this cluster, or a UUID, which the reference server uses.</summary>
    public bool IsWellFormed(string token) => Guid.TryParseExact(token, "D", out _) || TryVerify(token, out _);

    /// <summary>Returns the id of a token's session, or null if the token is invalid or has expired.</summary>
    public string? SessionOf(string? token) =>
        TryVerify(token, out var claims) && claims.DeadlineUnixMilliseconds > time.GetUtcNow().ToUnixTimeMilliseconds() ? claims.SessionId : null;

    public void Dispose() => _verified.Dispose();

    private bool TryVerify(string? token, [NotNullWhen(true)] out SessionTokenClaims? claims)
    {
        if (token is not null && _verified.TryGetValue(token, out claims))
            return claims is not null;
        if (!signer.TryVerify(token, out claims))
            return false;
        _verified.Set(token!, claims, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = SlidingExpiration });
        return true;
    }
}
