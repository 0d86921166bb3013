using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Sessions;

namespace Wharf.Gateway.Sessions;

/// <summary>
/// Watches the sessions that have a long-running call on this gateway. All calls of a session share one long poll. The poll continues after the last call until it returns, so that the next
/// call can use it.
/// </summary>
internal sealed partial class SessionWatch : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly GatewayDrain _drain;
    private readonly int _maxCalls;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenRegistration _streamsEnd;

    public SessionWatch(GatewayDrain drain, IOptions<GatewayOptions> options, TimeProvider time, ILogger<SessionWatch> logger)
    {
        _drain = drain;
        _maxCalls = options.Value.MaxStreamsPerSession;
        _time = time;
        _logger = logger;
        _streamsEnd = drain.StreamsEnd.UnsafeRegister(static watch => ((SessionWatch)watch!).RemoveIdle(), this);
    }

    public void Dispose() => _streamsEnd.Dispose();

    /// <summary>Opens a long-running call.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: the session has too many such calls. UNAVAILABLE: the gateway stops.</exception>
    public LongCall Open(CallSession session, CancellationToken cancelled)
    {
        _drain.Enter();
        Entry? entry = null;
        try
        {
            if (_drain.HasBegun)
                throw new FaultException(GatewayDrain.Stopping);
            entry = Enter(session);
            return new LongCall(entry, _drain, cancelled, Leave);
        }
        catch
        {
            if (entry is not null)
                Leave(entry);
            else
                _drain.Leave();
            throw;
        }
    }

    private Entry Enter(CallSession session)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(session.Id, out var entry) || entry.Ended.IsCancellationRequested)
            {
                entry = new Entry(session.Id);
                _entries[session.Id] = entry;
                _ = WatchAsync(entry, session.Grain);
            }
            if (entry.Calls >= _maxCalls)
                throw new FaultException(FaultCode.ResourceExhausted, $"The session has {entry.Calls} open streams, which is the limit");
            entry.Calls++;
            return entry;
        }
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Calls == 0 && (_drain.HasBegun || entry.Ended.IsCancellationRequested))
                Remove(entry);
        }
        _drain.Leave();
    }

    /// <summary>Removes a session if it has no open calls.</summary>
    private bool TryRemove(Entry entry)
    {
        lock (_lock)
        {
            if (entry.Calls == 0)
                Remove(entry);
            return entry.Calls == 0;
        }
    }

    private void RemoveIdle()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values.Where(static entry => entry.Calls == 0).ToArray())
                Remove(entry);
        }
    }

    private void Remove(Entry entry)
    {
        if (_entries.TryGetValue(entry.SessionId, out var current) && current == entry)
            _entries.Remove(entry.SessionId);
        entry.MarkRemoved();
    }

    private async Task WatchAsync(Entry entry, ISessionGrain session)
    {
        await Task.Yield();
        do
        {
            try
            {
                if (await session.AwaitEndAsync(entry.Removed) is { } reason)
                    entry.End(reason);
            }
            catch (OperationCanceledException) when (entry.Removed.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (TryRemove(entry))
                    return;
                // The loss of a node is logged once by the cluster membership, not for each session.
                if (exception is not SiloUnavailableException)
                    LogRetry(_logger, exception, entry.SessionId);
                await Task.Delay(RetryDelay, _time, entry.Removed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        while (!TryRemove(entry) && !entry.Ended.IsCancellationRequested);
    }

    [LoggerMessage(EventId = 3508, Level = LogLevel.Warning, Message = "Failed to wait for the end of session {SessionId}; retrying")]
    private static partial void LogRetry(ILogger logger, Exception exception, string sessionId);

    /// <summary>A session with long-running calls.</summary>
    internal sealed class Entry(string sessionId)
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly CancellationTokenSource _removed = new();

        public string SessionId { get; } = sessionId;

        public int Calls { get; set; }

        public SessionEndReason Reason { get; private set; }

        public CancellationToken Ended => _ended.Token;

        public CancellationToken Removed => _removed.Token;

        public void End(SessionEndReason reason)
        {
            Reason = reason;
            _ended.Cancel();
        }

        public void MarkRemoved() => _removed.Cancel();
    }
}
