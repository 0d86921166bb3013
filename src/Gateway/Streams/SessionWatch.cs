using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Sessions;

namespace Wharf.Gateway.Streams;

/// <summary>
/// Learns of the end of every session that has a long call open here: one waiting grain call for a session, however many streams it has. The wait outlasts the last of them
/// until it is over by itself, for the next stream.
/// </summary>
internal sealed partial class SessionWatch : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly GatewayDrain _drain;
    private readonly int _mostCalls;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenRegistration _streamsEnd;

    public SessionWatch(GatewayDrain drain, IOptions<GatewayOptions> options, TimeProvider time, ILogger<SessionWatch> logger)
    {
        _drain = drain;
        _mostCalls = options.Value.MaxStreamsPerSession;
        _time = time;
        _logger = logger;
        _streamsEnd = drain.StreamsEnd.UnsafeRegister(static watch => ((SessionWatch)watch!).ForgetIdle(), this);
    }

    public void Dispose() => _streamsEnd.Dispose();

    /// <summary>Opens a long call.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: the session has too many. UNAVAILABLE: the gateway stops.</exception>
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
            if (entry.Calls >= _mostCalls)
                throw new FaultException(FaultCode.ResourceExhausted, $"The session has {entry.Calls} streams open, which is the limit");
            entry.Calls++;
            return entry;
        }
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Calls == 0 && (_drain.HasBegun || entry.Ended.IsCancellationRequested))
                Forget(entry);
        }
        _drain.Leave();
    }

    /// <summary>Forgets a session if no call is open.</summary>
    private bool IsForgotten(Entry entry)
    {
        lock (_lock)
        {
            if (entry.Calls == 0)
                Forget(entry);
            return entry.Calls == 0;
        }
    }

    private void ForgetIdle()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values.Where(static entry => entry.Calls == 0).ToArray())
                Forget(entry);
        }
    }

    private void Forget(Entry entry)
    {
        if (_entries.TryGetValue(entry.SessionId, out var current) && current == entry)
            _entries.Remove(entry.SessionId);
        entry.Forget();
    }

    private async Task WatchAsync(Entry entry, ISessionGrain session)
    {
        await Task.Yield();
        do
        {
            try
            {
                if (await session.AwaitEndAsync(entry.Forgotten) is { } reason)
                    entry.End(reason);
            }
            catch (OperationCanceledException) when (entry.Forgotten.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (IsForgotten(entry))
                    return;
                // The loss of a node is told once, by who notices it, and not by every session.
                if (exception is not SiloUnavailableException)
                    LogRetry(_logger, exception, entry.SessionId);
                await Task.Delay(RetryDelay, _time, entry.Forgotten).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        while (!IsForgotten(entry) && !entry.Ended.IsCancellationRequested);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the end of session {SessionId} failed; waiting again")]
    private static partial void LogRetry(ILogger logger, Exception exception, string sessionId);

    /// <summary>A session with long calls.</summary>
    internal sealed class Entry(string sessionId)
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly CancellationTokenSource _forgotten = new();

        public string SessionId { get; } = sessionId;

        public int Calls { get; set; }

        public SessionEndReason Reason { get; private set; }

        public CancellationToken Ended => _ended.Token;

        public CancellationToken Forgotten => _forgotten.Token;

        public void End(SessionEndReason reason)
        {
            Reason = reason;
            _ended.Cancel();
        }

        public void Forget() => _forgotten.Cancel();
    }
}
