using System.Collections.Frozen;
using Wharf.Grains;

namespace Wharf.Gateway.Drain;

/// <summary>The graceful shutdown of a gateway: it refuses new calls, notifies clients that wait for the termination of their session, and ends open streams.</summary>
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

    /// <summary>Whether a stream is open that the drain waits for.</summary>
    public bool HasOpenStreams
    {
        get
        {
            lock (_lock)
                return _open > 0;
        }
    }

    /// <summary>The failure of calls that begin after the drain.</summary>
    internal static Fault Stopping { get; } = new(FaultCode.Unavailable, "The server is stopping");

    /// <summary>A token that is cancelled when the drain begins.</summary>
    internal CancellationToken Begun => _begun.Token;

    /// <summary>A token that is cancelled when open streams end.</summary>
    internal CancellationToken StreamsEnd => _streamsEnd.Token;

    /// <summary>Begins the drain and waits until the last open stream has ended.</summary>
    /// <param name="endingSessions">The sessions on the node, which end with it. The clients of all others can continue at another gateway.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when no stream is open.</returns>
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

    /// <summary>Returns whether a session ends with this gateway, so that its streams end because of it.</summary>
    internal bool IsEnding(string sessionId) => _streamsEnd.IsCancellationRequested && _endingSessions.Contains(sessionId);

    /// <summary>Counts a stream that the drain waits for.</summary>
    internal void Enter()
    {
        lock (_lock)
            _open++;
    }

    /// <summary>Removes a stream that has ended.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (--_open == 0 && HasBegun)
                _empty.TrySetResult();
        }
    }
}
