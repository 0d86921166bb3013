using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wharf.Grains.Sessions;

/// <summary>Ends the sessions of a node that is shutting down.</summary>
public interface ISessionDrain
{
    /// <summary>The sessions of this node at this moment.</summary>
    IReadOnlySet<string> SessionsHere { get; }

    /// <summary>Ends all sessions of this node, while the necessary calls can still be made.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when all sessions have ended.</returns>
    Task DrainAsync(CancellationToken cancellationToken);
}

/// <summary>The sessions of this node.</summary>
internal sealed partial class LocalSessions(IGrainFactory grains, ILogger<LocalSessions> logger) : ISessionDrain
{
    private readonly ConcurrentDictionary<string, SessionExports> _sessions = new();

    /// <summary>The number of sessions.</summary>
    public int Count => _sessions.Count;

    /// <inheritdoc/>
    public IReadOnlySet<string> SessionsHere => _sessions.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Returns whether an active session is on this node.</summary>
    public bool Has(string sessionId) => _sessions.ContainsKey(sessionId);

    /// <summary>The approximate number of exports of all sessions, which may be changing.</summary>
    public long Exports => _sessions.Sum(static session => (long)session.Value.LiveCount);

    /// <summary>Adds a new session.</summary>
    public void Add(string sessionId, SessionExports exports) => _sessions[sessionId] = exports;

    /// <summary>Removes a session that has ended.</summary>
    public void Remove(string sessionId) => _sessions.TryRemove(sessionId, out _);

    /// <inheritdoc/>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_sessions.Keys.Select(id => grains.GetGrain<ISessionGrain>(id).CloseAsync(SessionEndReason.Shutdown, cancellationToken))).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The session then ends with its node.
            LogDrainFailed(exception);
        }
    }

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "Failed to end some sessions in order; they end with this node")]
    private partial void LogDrainFailed(Exception exception);
}
