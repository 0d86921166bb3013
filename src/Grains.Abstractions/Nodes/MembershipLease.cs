namespace Wharf.Grains.Nodes;

/// <summary>
/// The time until which this node may answer. No other node replaces its objects earlier. A node renews its lease while it is active in the membership table.
/// After a silence longer than the lease, a node does not answer until it has read the table again. A node that was declared lost never answers again.
/// </summary>
/// <param name="time">The clock. Its timestamps continue while the process is stopped.</param>
/// <remarks>A node without a cluster does not begin its lease, and always holds it.</remarks>
public sealed class MembershipLease(TimeProvider time) : IDisposable
{
    /// <summary>How long a read of the membership table extends the lease.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    /// <summary>The maximum time that a call waits for the lease.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>The failure of calls to a node that was declared lost.</summary>
    public static readonly Fault LostFault = new(FaultCode.Unavailable, "The node was declared lost and is stopping");

    private static readonly Fault Undecided = new(FaultCode.Unavailable, "The node was silent, and the store has not confirmed yet that it is a member of the cluster");

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _lost = new();
    private TaskCompletionSource? _change;
    private long _until = long.MaxValue;
    private volatile bool _isLost;

    /// <summary>Whether the lease has begun: the node is a member of a cluster.</summary>
    public bool IsKept => Volatile.Read(ref _until) != long.MaxValue;

    /// <summary>Whether the node may answer now.</summary>
    public bool IsHeld => IsHeldAt(time.GetTimestamp());

    /// <summary>Cancelled when the node finds that it was declared lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether the node was declared lost.</summary>
    public bool IsLost => _isLost;

    /// <summary>Whether the node may answer at a time.</summary>
    /// <param name="timestamp">The time, as a timestamp of the clock.</param>
    public bool IsHeldAt(long timestamp) => timestamp < Volatile.Read(ref _until);

    /// <summary>Extends the lease, or begins it.</summary>
    /// <param name="since">The timestamp before the read, or the call, that found the node to be a member.</param>
    public void Renew(long since)
    {
        TaskCompletionSource? change = null;
        lock (_lock)
        {
            if (IsLost)
                return;
            var until = since + ToTimestamps(Duration);
            if (!IsKept || until > _until)
                Volatile.Write(ref _until, until);
            if (IsHeld)
                (change, _change) = (_change, null);
        }

        change?.SetResult();
    }

    /// <summary>Ends the lease: the node was declared lost.</summary>
    public void Lose()
    {
        TaskCompletionSource? change;
        lock (_lock)
        {
            if (IsLost)
                return;
            _isLost = true;
            Volatile.Write(ref _until, long.MinValue);
            (change, _change) = (_change, null);
        }

        change?.SetResult();
        _lost.Cancel();
    }

    /// <summary>Waits until the lease is held, or until the node has found that it was declared lost.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Whether the lease is held.</returns>
    public async ValueTask<bool> WhenDecidedAsync(CancellationToken cancellationToken)
    {
        while (!IsHeld)
        {
            Task change;
            lock (_lock)
            {
                if (IsLost)
                    return false;
                change = (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            if (!IsHeld)
                await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Waits until the lease is held, for at most <see cref="LongestWait"/>.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the node may answer.</returns>
    /// <exception cref="FaultException">UNAVAILABLE: the node was declared lost, or the lease was not renewed in time.</exception>
    public async ValueTask RequireAsync(CancellationToken cancellationToken)
    {
        if (IsHeld)
            return;
        try
        {
            if (!await WhenDecidedAsync(cancellationToken).AsTask().WaitAsync(LongestWait, time, cancellationToken).ConfigureAwait(false))
                throw new FaultException(LostFault);
        }
        catch (TimeoutException)
        {
            throw new FaultException(Undecided);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lost.Dispose();

    private long ToTimestamps(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
