using Wharf.Grains.Streams;

namespace Wharf.Grains.Objects;

/// <summary>A live plugin object: its connections and its holders. The key is the <see cref="ObjectId"/>.</summary>
[GrainInterfaceType("wharf.object")]
[Alias("wharf.IPluginObjectGrain")]
public interface IPluginObjectGrain : IHeldGrain
{
    /// <summary>Opens a stream. The connect is the first operation of the stream; the call returns under the conditions of <see cref="SendAsync"/>.</summary>
    /// <param name="connect">The stream.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The first output, or the end of the stream if the connect failed.</returns>
    /// <exception cref="FaultException">
    /// NOT_FOUND: no type recognizes the object. FAILED_PRECONDITION: its type has another name. DATA_LOSS: the object is lost. UNAVAILABLE: its epoch is
    /// another, or the node stops.
    /// </exception>
    [Alias("Connect")]
    Task<StreamOutput> ConnectAsync(StreamConnect connect, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends a batch of messages; a stream has at most one batch in flight. Returns when the batch is handled, soon after its first output, or when there is
    /// enough output. A batch may be repeated after a lost answer: parts below the expected sequence are skipped. Cancellation ends the wait; the batch is
    /// still handled.
    /// </summary>
    /// <param name="batch">The messages.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The output so far.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the object or the stream does not exist any more. UNAVAILABLE: the object has another epoch.</exception>
    [Alias("Send")]
    Task<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Waits for output, at most <see cref="GrainLimits.LongestWait"/>. A later call on the stream ends the wait of an earlier one.</summary>
    /// <param name="pull">The position of the caller.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The output after that position; may be empty.</returns>
    /// <exception cref="FaultException">As <see cref="SendAsync"/>.</exception>
    [Alias("Pull")]
    Task<StreamOutput> PullAsync(StreamPull pull, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a stream on behalf of the caller. The call has no effect if the stream has ended. Cancellation ends the wait; the stream still ends.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="reason">The reason that the plugin receives.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the end is recorded; plugin code may still run.</returns>
    [Alias("Disconnect")]
    Task DisconnectAsync(string streamId, StreamEndReason reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the objects for which the running handler of this object waits, if the object handles one message at a time. A caller that is about to wait for
    /// this object follows them to detect a cycle.
    /// </summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Object ids; empty for an object that waits for nothing, is concurrent, or does not exist any more.</returns>
    [Alias("GetWaitsFor")]
    Task<IReadOnlyList<string>> GetWaitsForAsync(CancellationToken cancellationToken = default);
}

/// <summary>Creates named objects. The grain is placed on a silo that has the object type.</summary>
[GrainInterfaceType("wharf.object-factory")]
[Alias("wharf.IObjectFactoryGrain")]
public interface IObjectFactoryGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates an object for a field. The key of this grain is the name of the object type, or the name of a node, <c>|</c> and the name of the type, which
    /// selects the node.
    /// </summary>
    /// <param name="holder">The first holder of the new object.</param>
    /// <param name="arguments">The configured arguments of the field, by path.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, held.</returns>
    /// <exception cref="FaultException">NOT_FOUND: the type does not exist. UNAVAILABLE: the node is lost. Otherwise the fault of the plugin.</exception>
    [Alias("Create")]
    Task<ObjectReference> CreateAsync(string holder, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken = default);
}
