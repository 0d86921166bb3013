using System.Collections.Immutable;

namespace Wharf.Grains.Streams;

/// <summary>Who calls, as it goes along with every stream and every piece of work.</summary>
/// <param name="Identity">The user.</param>
/// <param name="SessionId">The session; empty when a plugin object calls.</param>
/// <param name="Scheme">How the session logged in.</param>
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
/// <param name="Epoch">The life of the object that is meant.</param>
/// <param name="Caller">Who opens it.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamConnect")]
public sealed record StreamConnect(
    [property: Id(0)] string StreamId,
    [property: Id(1)] string TypeName,
    [property: Id(2)] long Epoch,
    [property: Id(3)] CallerIdentity Caller);

/// <summary>One message, or a part of one that is longer than <see cref="GrainLimits.PartSize"/>.</summary>
/// <param name="Bytes">The bytes; never changed by either side.</param>
/// <param name="References">
/// The objects that go with the message, on its last part. Those of the n-th message to an object are held by <see cref="Objects.Holder.OfInput"/> when the batch is
/// handed over; from then on the object's side lets go of them. Those that an object sends are held until the part is acknowledged.
/// </param>
/// <param name="IsLast">Whether the message ends here.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamPart")]
public sealed record StreamPart(
    [property: Id(0)] ReadOnlyMemory<byte> Bytes,
    [property: Id(1)] ImmutableArray<ObjectReference> References,
    [property: Id(2)] bool IsLast);

/// <summary>A batch of what a client sent.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Epoch">The life of the object that is meant.</param>
/// <param name="FirstSequence">The number of the first part; the stream's first part is 0.</param>
/// <param name="Parts">The parts, in order.</param>
/// <param name="HalfClose">Whether the client has nothing more to say.</param>
/// <param name="Acknowledged">The caller has all output parts below this number.</param>
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

/// <summary>Asks for output.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Epoch">The life of the object that is meant.</param>
/// <param name="Acknowledged">The caller has all output parts below this number.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamPull")]
public sealed record StreamPull([property: Id(0)] string StreamId, [property: Id(1)] long Epoch, [property: Id(2)] long Acknowledged)
{
    /// <summary>How many bytes of output the caller can take; at least one part comes if this is not 0. With 0 the call waits for the stream's end alone.</summary>
    [Id(3)]
    public int Window { get; init; } = GrainLimits.BatchSize;
}

/// <summary>What an object had to say.</summary>
/// <param name="First">The number of the first part.</param>
/// <param name="Parts">The parts, in order; their references are held for the stream until they are acknowledged.</param>
/// <param name="Handled">All input parts below this number have been handled: the next batch may come when this reaches the end of the last.</param>
/// <param name="IsConnected">Whether the connect is done.</param>
/// <param name="End">The stream's end, which comes after the parts; null while it goes on.</param>
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
    /// <summary>The number of the part after the last one here: what to acknowledge next.</summary>
    public long Next => First + Parts.Length;
}

/// <summary>How a stream ended.</summary>
/// <param name="Reason">Who ended it, or what.</param>
/// <param name="Fault">What the client is told; null for OK.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StreamEnd")]
public sealed record StreamEnd([property: Id(0)] StreamEndReason Reason, [property: Id(1)] Fault? Fault);

/// <summary>Why a stream ended; the numbers are those of the plugin API's close reasons.</summary>
[GenerateSerializer]
[Alias("wharf.StreamEndReason")]
public enum StreamEndReason
{
    /// <summary>The client half-closed and everything was handled.</summary>
    ClientClosed = 0,

    /// <summary>The client cancelled or its connection broke.</summary>
    ClientCancelled = 1,

    /// <summary>The plugin closed it.</summary>
    PluginClosed = 2,

    /// <summary>The session ended.</summary>
    SessionEnded = 3,

    /// <summary>A handler failed, a reference did not resolve, or the client broke the protocol.</summary>
    Failed = 4,

    /// <summary>The client did not read.</summary>
    SlowConsumer = 5,

    /// <summary>The node that served the client is gone.</summary>
    NodeLost = 6,

    /// <summary>The server stops.</summary>
    Shutdown = 7,
}
