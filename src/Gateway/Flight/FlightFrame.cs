using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>One FlightData as it travels here: the same bytes on the wire as the generated message, with the body where it already is.</summary>
internal sealed class FlightFrame
{
    /// <summary>The flatbuffer that says what the body is, without any prefix.</summary>
    public ReadOnlyMemory<byte> Header { get; init; }

    /// <summary>The buffers that make up the body, in their order, padding included.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Body { get; init; } = [];

    /// <summary>The memory that a body which was read lies at the end of; what is before it is free. Empty for a small body.</summary>
    public Memory<byte> Room { get; init; }

    /// <summary>Where an upload goes; on its first message.</summary>
    public Wire.FlightDescriptor? Descriptor { get; init; }

    /// <summary>The number of bytes of the body.</summary>
    public long BodyLength
    {
        get
        {
            long length = 0;
            foreach (var buffer in Body)
                length += buffer.Length;
            return length;
        }
    }
}
