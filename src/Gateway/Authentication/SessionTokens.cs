using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;
using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Tokens as this gateway writes and reads them. A token says which session; whether that lives is asked of the session.</summary>
internal sealed class SessionTokens(SessionTokenSigner signer, TimeProvider time) : IDisposable
{
    private const int Most = 10_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    // A client sends one token with hundreds of calls: the signature of one that was good stays good, whether it is too old is looked at each time.
    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>The text of a session's current token.</summary>
    public string Write(SessionStatus status) =>
        signer.Sign(new SessionTokenClaims(status.Caller.SessionId, status.IssuedMilliseconds, status.DeadlineMilliseconds));

    /// <summary>Whether a text may once have been a token: one of ours, or one of the servers that give out UUIDs.</summary>
    public bool IsWellFormed(string token) => Guid.TryParseExact(token, "D", out _) || TryVerify(token, out _);

    /// <summary>The session that a token names, or null when it is not one of ours or no longer good.</summary>
    public string? SessionOf(string? token) =>
        TryVerify(token, out var claims) && claims.DeadlineUnixMilliseconds > time.GetUtcNow().ToUnixTimeMilliseconds() ? claims.SessionId : null;

    public void Dispose() => _verified.Dispose();

    private bool TryVerify(string? token, [NotNullWhen(true)] out SessionTokenClaims? claims)
    {
        if (token is not null && _verified.TryGetValue(token, out claims))
            return claims is not null;
        if (!signer.TryVerify(token, out claims))
            return false;
        _verified.Set(token!, claims, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Kept });
        return true;
    }
}
