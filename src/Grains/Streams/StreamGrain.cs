using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Wharf.Grains.Objects;
using Wharf.Grains.Placement;

namespace Wharf.Grains.Streams;

/// <inheritdoc cref="IStreamGrain"/>
/// <remarks>Deactivates when the stream ends, or after the first call if the stream does not exist.</remarks>
[GrainType("wharf.stream")]
[OwnSiloPlacement]
[GrainDirectory(OwnSiloDirectory.Name)]
[Reentrant]
internal sealed class StreamGrain(LiveObjects objects) : Grain, IStreamGrain
{
    private LiveObject? _live;
    private CancellationTokenRegistration _end;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString().Split('|', 2);
        _live = objects.FindIncludingEnded(key[0]);
        if (key.Length == 2 && _live?.FindStream(key[1]) is { HasEnded: false } stream)
        {
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            _end = stream.Closed.UnsafeRegister(static context => ((IGrainContext)context!).DeactivateAfterEnd(), GrainContext);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await _end.DisposeAsync();

    /// <inheritdoc/>
    public ValueTask<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken = default)
    {
        // Calls after the end, or for an unknown stream, are still answered; deactivate afterwards.
        if (_end == default)
            DeactivateOnIdle();
        return _live is { } live
            ? new ValueTask<StreamOutput>(live.FindStream(batch.StreamId, batch.Epoch).SendInlineAsync(batch, cancellationToken))
            : throw ObjectFaults.StreamGone(batch.StreamId);
    }
}
