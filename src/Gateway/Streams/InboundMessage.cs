using System.Collections.Immutable;
using Google.Protobuf;
using Wharf.Grains;

namespace Wharf.Gateway.Streams;

/// <summary>A message from a client to an object. The first message of a stream names the object.</summary>
internal sealed class InboundMessage(ByteString payload, ImmutableArray<string> tickets, string? connectType)
{
    /// <summary>The bytes of the message, not copied.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload.Memory;

    /// <summary>The tickets of its references in canonical text; for a connect, the ticket of the object.</summary>
    public ImmutableArray<string> Tickets { get; } = tickets;

    /// <summary>The object type that a connect expects; null for data.</summary>
    public string? ConnectType { get; } = connectType;

    /// <summary>The objects of the tickets; default until they are resolved.</summary>
    public ImmutableArray<ObjectReference> References { get; set; } = tickets.IsEmpty ? [] : default;

    /// <summary>Whether the references are resolved, so that the message can be sent.</summary>
    public bool IsReady => !References.IsDefault;
}
