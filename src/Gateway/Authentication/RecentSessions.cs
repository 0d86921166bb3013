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
    public void Add(ISessionGrain grain, CallerIdentity caller) =>
        _sessions.Set(caller.SessionId, new RecentSession(grain, caller), new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Kept });

    /// <summary>Finds one, or null.</summary>
    public RecentSession? Find(string sessionId) => _sessions.TryGetValue(sessionId, out RecentSession? session) ? session : null;

    /// <summary>Forgets one that has ended.</summary>
    public void Remove(string sessionId) => _sessions.Remove(sessionId);

    public void Dispose() => _sessions.Dispose();
}

/// <summary>A session that a call came from.</summary>
internal sealed record RecentSession(ISessionGrain Grain, CallerIdentity Caller);
