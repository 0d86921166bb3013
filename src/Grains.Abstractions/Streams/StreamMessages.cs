using System.Collections.Immutable;

namespace Wharf.Grains.Streams;

/// <summary>The caller of a stream or an operation.</summary>
/// <param name="Identity">The user.</param>
/// <param name="SessionId">The session; empty if a plugin object is the caller.</param>
/// <param name="Scheme">The login scheme of the session.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.CallerIdentity")]
public sealed record CallerIdentity([property: Id(0)] string Identity, [property: Id(1)] string SessionId, [property: Id(2)] string Scheme)
{
    // A message of an earlier version has no roles.
    [Id(3)]
    private readonly ImmutableArray<string> _roles;

    /// <summary>The roles that the login gave the session, by name; empty without configured roles.</summary>
    public ImmutableArray<string> Roles
    {
        get => _roles.IsDefault ? [] : _roles;
        init => _roles = value.IsDefaultOrEmpty ? default : value;
    }
}

/// <summary>Opens a stream.</summary>
/// <param name="StreamId">The stream's id, unique in the cluster.</param>
/// <param name="TypeName">The type name that the caller expects.</param>
/// <param name="Epoch">The epoch of the object's reference.</param>
/// <param name="Caller">The caller.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamConnect")]
public sealed record StreamConnect(
    [property: Id(0)] string StreamId,
    [property: Id(1)] string TypeName,
    [property: Id(2)] long Epoch,
    [property: Id(3)] CallerIdentity Caller);

/// <summary>A message, or a part of a message that is longer than <see cref="GrainLimits.PartSize"/>.</summary>
/// <param name="Bytes">The bytes; neither side changes them.</param>
/// <param name="References">
/// The objects that the message refers to, on its last part. Those of message n to an object are held by <see cref="Objects.Holder.OfInput"/> when the batch is
/// sent; the object's side releases them. Those that an object sends are held until the part is acknowledged.
/// </param>
/// <param name="IsLast">Whether this is the last part of the message.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamPart")]
public sealed record StreamPart(
    [property: Id(0)] ReadOnlyMemory<byte> Bytes,
    [property: Id(1)] ImmutableArray<ObjectReference> References,
    [property: Id(2)] bool IsLast);

/// <summary>A batch of messages of a client.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Epoch">The epoch of the object's reference.</param>
/// <param name="FirstSequence">The number of the first part; the stream's first part is 0.</param>
/// <param name="Parts">The parts, in order.</param>
/// <param name="HalfClose">Whether the client has closed its side after these parts.</param>
/// <param name="Acknowledged">The caller has received all output parts below this number.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamBatch")]
public sealed record StreamBatch(
    [property: Id(0)] string StreamId,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long FirstSequence,
    [property: Id(3)] ImmutableArray<StreamPart> Parts,
    [property: Id(4)] bool HalfClose,
    [property: Id(5)] long Acknowledged);

/// <summary>Requests output.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Epoch">The epoch of the object's reference.</param>
/// <param name="Acknowledged">The caller has received all output parts below this number.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamPull")]
public sealed record StreamPull([property: Id(0)] string StreamId, [property: Id(1)] long Epoch, [property: Id(2)] long Acknowledged)
{
    /// <summary>
    /// The bytes of output that the caller can receive; at least one part is returned if this is not 0. With 0 the call waits only for the end of the stream.
    /// </summary>
    [Id(3)]
    public int Window { get; init; } = GrainLimits.BatchSize;
}

/// <summary>Output of a stream.</summary>
/// <param name="First">The number of the first part.</param>
/// <param name="Parts">The parts, in order; their references are held for the stream until they are acknowledged.</param>
/// <param name="Handled">All input parts below this number have been handled: the next batch may be sent when this reaches the end of the previous one.</param>
/// <param name="IsConnected">Whether the connect has completed.</param>
/// <param name="End">The end of the stream, which follows the parts; null while the stream is open.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamOutput")]
public sealed record StreamOutput(
    [property: Id(0)] long First,
    [property: Id(1)] ImmutableArray<StreamPart> Parts,
    [property: Id(2)] long Handled,
    [property: Id(3)] bool IsConnected,
    [property: Id(4)] StreamEnd? End)
{
    /// <summary>The number after the last part: the value to acknowledge next.</summary>
    public long Next => First + Parts.Length;
}

/// <summary>The end of a stream.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Fault">The status for the client; null for OK.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamEnd")]
public sealed record StreamEnd([property: Id(0)] StreamEndReason Reason, [property: Id(1)] Fault? Fault);

/// <summary>The reason why a stream ended; the numbers are those of the plugin API's close reasons.</summary>
[GenerateSerializer]
[Alias("wharf.StreamEndReason")]
public enum StreamEndReason
{
    /// <summary>The client half-closed and all its messages were handled.</summary>
    ClientClosed = 0,

    /// <summary>The client cancelled the call or its connection broke.</summary>
    ClientCancelled = 1,

    /// <summary>The plugin closed the stream.</summary>
    PluginClosed = 2,

    /// <summary>The session ended.</summary>
    SessionEnded = 3,

    /// <summary>A handler failed, a reference did not resolve, or the client violated the protocol.</summary>
    Failed = 4,

    /// <summary>The client did not read its messages.</summary>
    SlowConsumer = 5,

    /// <summary>The node that served the client was lost.</summary>
    NodeLost = 6,

    /// <summary>The server is shutting down.</summary>
    Shutdown = 7,
}
