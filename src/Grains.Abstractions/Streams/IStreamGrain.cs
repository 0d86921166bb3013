using Wharf.Grains.Objects;

namespace Wharf.Grains.Streams;

/// <summary>
/// One stream's own way to its object, for streams that go on. The key is the object's <see cref="ObjectId"/>, <c>|</c> and the stream's id. A handler that has been quick so far runs
/// right in the call, and the answer comes with it; one that then blocks keeps this grain, which nobody else needs: whatever else is asked of the stream is asked of its
/// <see cref="IPluginObjectGrain"/>.
/// </summary>
[GrainInterfaceType("wharf.stream")]
[Alias("wharf.IStreamGrain")]
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>Hands over a batch, as <see cref="IPluginObjectGrain.SendAsync"/> does, which may be asked the same instead at any time. Does not answer while a handler blocks.</summary>
    /// <param name="batch">The messages.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch is handled all the same.</param>
    /// <returns>What the object had to say so far.</returns>
    /// <exception cref="FaultException">DATA_LOSS: object or stream is not here any more. UNAVAILABLE: its epoch is another.</exception>
    [Alias("Send")]
    ValueTask<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken = default);
}
