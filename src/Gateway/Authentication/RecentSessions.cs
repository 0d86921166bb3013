using Microsoft.Extensions.Caching.Memory;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Caches the sessions of recent calls with their callers, which never change. It does not cache whether a session is still live.
/// </summary>
internal sealed class RecentSessions : IDisposable
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan SlidingExpiration = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _sessions = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>Adds a session.</summary>
    public void Add(RecentSession session) =>
        _sessions.Set(session.Caller.SessionId, session, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = SlidingExpiration });

    /// <summary>Returns a session, or null if it is not in the cache.</summary>
    public RecentSession? Find(string sessionId) => _sessions.TryGetValue(sessionId, out RecentSession? session) ? session : null;

    /// <summary>Removes a session that has ended.</summary>
    public void Remove(string sessionId) => _sessions.Remove(sessionId);

    public void Dispose() => _sessions.Dispose();
}

/// <summary>A session that made a call.</summary>
/// <param name="grain">The session.</param>
/// <param name="caller">The caller.</param>
/// <param name="tokens">Signs the session's token.</param>
internal sealed class RecentSession(ISessionGrain grain, CallerIdentity caller, SessionTokens tokens)
{
    // Every response has the token, which does not change for a minute: it is signed once.
    private SignedToken? _signed;

    public ISessionGrain Grain => grain;

    public CallerIdentity Caller => caller;

    /// <summary>Returns the token of a session's status.</summary>
    public string Token(SessionStatus status)
    {
        if (_signed is { } signed && signed.Issued == status.IssuedMilliseconds && signed.Deadline == status.DeadlineMilliseconds)
            return signed.Token;
        var token = tokens.Write(status);
        _signed = new SignedToken(status.IssuedMilliseconds, status.DeadlineMilliseconds, token);
        return token;
    }

    private sealed record SignedToken(long Issued, long Deadline, string Token);
}
