using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wharf.Grains.Sessions;

/// <summary>Ends the sessions of a node that stops.</summary>
public interface ISessionDrain
{
    /// <summary>The sessions that live on this node now.</summary>
    IReadOnlySet<string> SessionsHere { get; }

    /// <summary>Ends every session that lives on this node, while the calls that this takes can still be made.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Completes when all have ended.</returns>
    Task DrainAsync(CancellationToken cancellationToken);
}

/// <summary>The sessions that live on this node.</summary>
internal sealed partial class LocalSessions(IGrainFactory grains, ILogger<LocalSessions> logger) : ISessionDrain
{
    private readonly ConcurrentDictionary<string, SessionExports> _sessions = new();

    /// <summary>How many there are.</summary>
    public int Count => _sessions.Count;

    /// <inheritdoc/>
    public IReadOnlySet<string> SessionsHere => _sessions.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a session lives here and has not ended.</summary>
    public bool Has(string sessionId) => _sessions.ContainsKey(sessionId);

    /// <summary>How many exports they have together, about: they may be changing.</summary>
    public long Exports => _sessions.Sum(static session => (long)session.Value.LiveCount);

    /// <summary>A session has begun here.</summary>
    public void Add(string sessionId, SessionExports exports) => _sessions[sessionId] = exports;

    /// <summary>A session has ended.</summary>
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
            // Whoever waits for the session learns of its end from its node's.
            LogNotEnded(exception);
        }
    }

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "Some sessions could not be ended in order")]
    private partial void LogNotEnded(Exception exception);
}
