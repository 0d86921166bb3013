using System.Collections.Frozen;
using Wharf.Grains;

namespace Wharf.Gateway.Hosting;

/// <summary>The orderly stop of a gateway: no new calls, whoever waits for the server's end is told, then open streams end.</summary>
public sealed class GatewayDrain : IDisposable
{
    private readonly CancellationTokenSource _begun = new();
    private readonly CancellationTokenSource _streamsEnd = new();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlySet<string> _endingSessions = FrozenSet<string>.Empty;
    private int _open;

    /// <summary>Whether new calls are refused.</summary>
    public bool HasBegun => _begun.IsCancellationRequested;

    /// <summary>Whether any stream is open that the drain waits for.</summary>
    public bool HasOpenStreams
    {
        get
        {
            lock (_lock)
                return _open > 0;
        }
    }

    /// <summary>What a call is told that comes too late.</summary>
    internal static Fault Stopping { get; } = new(FaultCode.Unavailable, "The server is stopping");

    /// <summary>Fires when the drain begins.</summary>
    internal CancellationToken Begun => _begun.Token;

    /// <summary>Fires when open streams end.</summary>
    internal CancellationToken StreamsEnd => _streamsEnd.Token;

    /// <summary>Begins the drain and waits until the last open stream has ended.</summary>
    /// <param name="endingSessions">The sessions that live on the node that stops, and so end with it. Clients of all others are told to go to another gateway.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when no stream is open any more.</returns>
    public async Task BeginAsync(IReadOnlySet<string> endingSessions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endingSessions);
        _endingSessions = endingSessions;
        await _begun.CancelAsync();
        await _streamsEnd.CancelAsync();
        lock (_lock)
        {
            if (_open == 0)
                _empty.TrySetResult();
        }
        await _empty.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _begun.Dispose();
        _streamsEnd.Dispose();
    }

    /// <summary>Whether open streams end because a session does: it ends together with this gateway.</summary>
    internal bool Ends(string sessionId) => _streamsEnd.IsCancellationRequested && _endingSessions.Contains(sessionId);

    /// <summary>A stream that the drain waits for begins.</summary>
    internal void Enter()
    {
        lock (_lock)
            _open++;
    }

    /// <summary>A stream that the drain waits for has ended.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (--_open == 0 && HasBegun)
                _empty.TrySetResult();
        }
    }
}
