using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Wharf.Grains.Placement;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Objects;

/// <summary>
/// The grain of a live object, which is in <see cref="LiveObjects"/>. If the node does not have the object, calls fail with DATA_LOSS and the grain
/// deactivates.
/// </summary>
[GrainType("wharf.object")]
[OwnSiloPlacement]
[GrainDirectory(OwnSiloDirectory.Name)]
[Reentrant]
internal sealed class PluginObjectGrain(LiveObjects objects) : Grain, IPluginObjectGrain
{
    private LiveObject? _live;
    private CancellationTokenSource? _deactivated;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _live = objects.FindIncludingEnded(this.GetPrimaryKeyString());
        if (_live is { } live)
        {
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            _deactivated = new CancellationTokenSource();
            _ = live.Removed.ContinueWith(
                static (_, context) => ((IGrainContext)context!).DeactivateAfterEnd(),
                GrainContext,
                _deactivated.Token,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // The object may exist longer than this activation and must not keep it in memory.
        _deactivated?.Cancel();
        _deactivated?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task HoldAsync(string holder, long epoch, TimeSpan? lease, CancellationToken cancellationToken = default)
    {
        Live().Hold(holder, epoch, lease);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LetGoAsync(string holder, CancellationToken cancellationToken = default)
    {
        if (_live is { } live)
            live.Release(holder);
        else
            DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ObjectDescription> DescribeAsync(CancellationToken cancellationToken = default)
    {
        var live = Live();
        return Task.FromResult(new ObjectDescription(live.Reference, GrainContext.ActivationId.ToString(), live.Holders, live.StreamCount));
    }

    /// <inheritdoc/>
    public Task<StreamOutput> ConnectAsync(StreamConnect connect, CancellationToken cancellationToken = default) => Live().ConnectAsync(connect, cancellationToken);

    /// <inheritdoc/>
    public Task<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken = default) =>
        Live().FindStream(batch.StreamId, batch.Epoch).SendAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public Task<StreamOutput> PullAsync(StreamPull pull, CancellationToken cancellationToken = default) =>
        Live().FindStream(pull.StreamId, pull.Epoch).PullAsync(pull, cancellationToken);

    /// <inheritdoc/>
    public Task DisconnectAsync(string streamId, StreamEndReason reason, CancellationToken cancellationToken = default)
    {
        _live?.Disconnect(streamId, reason);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> GetWaitsForAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(_live is { HasEnded: false } live ? live.Waits.Targets : []);

    private LiveObject Live()
    {
        // The last output of a stream can be read after the end of its object. A new hold fails in HoldAsync.
        if (_live is { } live)
            return live;
        DeactivateOnIdle();
        throw ObjectFaults.Gone(this.GetPrimaryKeyString());
    }
}
