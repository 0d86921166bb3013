using System.Runtime.InteropServices;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>A FlightData message. It has the same bytes on the wire as the generated message, but refers to its body instead of copying it.</summary>
internal sealed class FlightFrame
{
    /// <summary>The flatbuffer of the Arrow message, without a prefix.</summary>
    public ReadOnlyMemory<byte> Header { get; init; }

    /// <summary>The buffers of the body in their order, including padding.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Body { get; init; } = [];

    /// <summary>The memory that ends with the body of a message that was read; the part before the body is unused. Empty for a small body.</summary>
    public Memory<byte> Room { get; init; }

    /// <summary>The array of <see cref="Room"/>, to be returned to <see cref="BodyArrays"/> when the body is not needed any more; null for a small body.</summary>
    public byte[]? Array => !Room.IsEmpty && MemoryMarshal.TryGetArray<byte>(Room, out var room) ? room.Array : null;

    /// <summary>The target of an upload; in its first message.</summary>
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
