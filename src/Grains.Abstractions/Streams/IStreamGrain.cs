using Wharf.Grains.Objects;

namespace Wharf.Grains.Streams;

/// <summary>
/// A separate grain for one long-lived stream to an object. The key is the object's <see cref="ObjectId"/>, <c>|</c> and the stream's id. Fast handlers run
/// inside this grain's call, and the call returns their output. A handler that blocks then blocks only this grain; all other calls for the stream go to its
/// <see cref="IPluginObjectGrain"/>.
/// </summary>
[GrainInterfaceType("wharf.stream")]
[Alias("wharf.IStreamGrain")]
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>
    /// Sends a batch, as <see cref="IPluginObjectGrain.SendAsync"/> does; the caller may repeat the call there at any time. Does not return while a handler
    /// blocks. Cancellation ends the wait; the batch is still handled.
    /// </summary>
    /// <param name="batch">The messages.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The output so far.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the object or the stream does not exist any more. UNAVAILABLE: the object has another epoch.</exception>
    [Alias("Send")]
    ValueTask<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken = default);
}
