using System.Collections.Immutable;
using Google.Protobuf;
using Wharf.Grains;

namespace Wharf.Gateway.Streams;

/// <summary>A message of a client's on its way to an object; the first one of a stream says which object.</summary>
internal sealed class InboundMessage(ByteString payload, ImmutableArray<string> tickets, string? connectType)
{
    /// <summary>The bytes as they came, not copied.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload.Memory;

    /// <summary>What goes with it, in canonical texts; for a connect the one object that is meant.</summary>
    public ImmutableArray<string> Tickets { get; } = tickets;

    /// <summary>The type that a connect expects; null for data.</summary>
    public string? ConnectType { get; } = connectType;

    /// <summary>The objects behind the tickets, once they are known.</summary>
    public ImmutableArray<ObjectReference> References { get; set; } = tickets.IsEmpty ? [] : default;

    /// <summary>Whether it can go.</summary>
    public bool IsReady => !References.IsDefault;
}
