using Wharf.Grains.Streams;

namespace Wharf.Grains.Objects;

/// <summary>A live plugin object: its connections and its holders. The key is the <see cref="ObjectId"/>.</summary>
[GrainInterfaceType("wharf.object")]
[Alias("wharf.IPluginObjectGrain")]
public interface IPluginObjectGrain : IHeldGrain
{
    /// <summary>Opens a stream. The connect is the stream's first operation; the call returns as <see cref="SendAsync"/> does.</summary>
    /// <param name="connect">The stream.</param>
    /// <param name="cancellationToken">Gives up waiting; the stream stays.</param>
    /// <returns>The first output, or the stream's end if the connect failed.</returns>
    /// <exception cref="FaultException">
    /// NOT_FOUND: no type recognizes the object. FAILED_PRECONDITION: its type has another name. DATA_LOSS: it is gone. UNAVAILABLE: its epoch is another, or the node stops.
    /// </exception>
    [Alias("Connect")]
    Task<StreamOutput> ConnectAsync(StreamConnect connect, CancellationToken cancellationToken = default);

    /// <summary>
    /// Hands over a batch of messages; a stream has one batch in flight. Returns at the first of: the batch is handled, soon after its first output, enough output.
    /// Repeating a batch (after a lost answer) does nothing twice: parts below the expected sequence are skipped.
    /// </summary>
    /// <param name="batch">The messages.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch is handled all the same.</param>
    /// <returns>What the object had to say so far.</returns>
    /// <exception cref="FaultException">DATA_LOSS: object or stream is not here any more. UNAVAILABLE: its epoch is another.</exception>
    [Alias("Send")]
    Task<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Waits for output, at most <see cref="GrainLimits.LongestWait"/>. A later call on the stream ends an earlier one's wait.</summary>
    /// <param name="pull">What the caller has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came after it, possibly nothing.</returns>
    /// <exception cref="FaultException">As <see cref="SendAsync"/>.</exception>
    [Alias("Pull")]
    Task<StreamOutput> PullAsync(StreamPull pull, CancellationToken cancellationToken = default);

    /// <summary>Ends a stream from the caller's side. Ending what has ended does nothing.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="reason">Why, as the plugin is told.</param>
    /// <param name="cancellationToken">Gives up waiting; the stream ends all the same.</param>
    /// <returns>Completes when the end is noted; the plugin may still be running.</returns>
    [Alias("Disconnect")]
    Task DisconnectAsync(string streamId, StreamEndReason reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks which objects the object's running handler waits for, if it serves one message at a time: whoever is about to wait for this object follows these to see
    /// whether they lead back to itself.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Object ids; none for an object that waits for nothing, is concurrent, or is gone.</returns>
    [Alias("GetWaitsFor")]
    Task<IReadOnlyList<string>> GetWaitsForAsync(CancellationToken cancellationToken = default);
}

/// <summary>Makes named objects. Placed on a silo that has the object type.</summary>
[GrainInterfaceType("wharf.object-factory")]
[Alias("wharf.IObjectFactoryGrain")]
public interface IObjectFactoryGrain : IGrainWithStringKey
{
    /// <summary>Makes an object for a field. The key of this grain is the object type's name, or that of a node, <c>|</c> and the type's name: it is made there then.</summary>
    /// <param name="holder">Who holds the new object.</param>
    /// <param name="arguments">The field's arguments from the configuration, by their paths.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object, held.</returns>
    /// <exception cref="FaultException">NOT_FOUND: there is no such type. UNAVAILABLE: the node is gone. Else what the plugin answered.</exception>
    [Alias("Create")]
    Task<ObjectReference> CreateAsync(string holder, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken = default);
}
