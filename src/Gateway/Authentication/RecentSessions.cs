using Microsoft.Extensions.Caching.Memory;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Sessions that calls came from lately, and who is logged in to them: that never changes in a session's life. Whether it still lives is nothing that is remembered here.
/// </summary>
internal sealed class RecentSessions : IDisposable
{
    private const int Most = 10_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _sessions = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>Remembers one.</summary>
    public void Add(RecentSession session) =>
        _sessions.Set(session.Caller.SessionId, session, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Kept });

    /// <summary>Finds one, or null.</summary>
    public RecentSession? Find(string sessionId) => _sessions.TryGetValue(sessionId, out RecentSession? session) ? session : null;

    /// <summary>Forgets one that has ended.</summary>
    public void Remove(string sessionId) => _sessions.Remove(sessionId);

    public void Dispose() => _sessions.Dispose();
}

/// <summary>A session that a call came from.</summary>
/// <param name="grain">The session.</param>
/// <param name="caller">Who is logged in.</param>
/// <param name="tokens">Writes its token.</param>
internal sealed class RecentSession(ISessionGrain grain, CallerIdentity caller, SessionTokens tokens)
{
    // Every answer carries the token, and it stays the same for a minute: it is signed once.
    private Written? _written;

    public ISessionGrain Grain => grain;

    public CallerIdentity Caller => caller;

    /// <summary>The token that goes with what the session said of itself.</summary>
    public string Token(SessionStatus status)
    {
        if (_written is { } written && written.Issued == status.IssuedMilliseconds && written.Deadline == status.DeadlineMilliseconds)
            return written.Token;
        var token = tokens.Write(status);
        _written = new Written(status.IssuedMilliseconds, status.DeadlineMilliseconds, token);
        return token;
    }

    private sealed record Written(long Issued, long Deadline, string Token);
}
