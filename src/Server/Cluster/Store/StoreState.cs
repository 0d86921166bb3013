namespace Wharf.Server.Cluster.Store;

/// <summary>The state of the cluster's store, as observed by this node.</summary>
internal sealed class StoreState
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _loss;
    private volatile string? _absence;

    /// <summary>The reason why the store has no entry of this node; null while it has one.</summary>
    public string? Loss => _loss;

    /// <summary>The reason why the store does not answer; null while it answers.</summary>
    public string? Absence => _absence;

    /// <summary>A task that completes the next time that the node has written its entry again.</summary>
    public Task NextRestoration
    {
        get
        {
            lock (_lock)
                return _restored.Task;
        }
    }

    /// <summary>Records that the store has lost the entry of this node.</summary>
    /// <param name="reason">The reason, for the health check.</param>
    public void Lose(string reason) => _loss = reason;

    /// <summary>Records that the store has the entry again.</summary>
    public void Restore()
    {
        _loss = null;
        lock (_lock)
        {
            _restored.SetResult();
            _restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Records that the store does not answer.</summary>
    /// <returns>Whether the store answered before.</returns>
    public bool Disconnect(string reason) => Interlocked.Exchange(ref _absence, reason) is null;

    /// <summary>Records that the store answers.</summary>
    /// <returns>Whether the store did not answer before.</returns>
    public bool Reconnect() => Interlocked.Exchange(ref _absence, null) is not null;
}
