using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>Creates the tickets of the measurements.</summary>
internal static class Tickets
{
    /// <summary>Returns the ticket of a variable of the scope.</summary>
    public static Ticket Named(string name) => new() { Ticket_ = ByteString.CopyFromUtf8($"s/{name}") };

    /// <summary>Returns the ticket of an export of the session.</summary>
    public static Ticket Export(int id)
    {
        Span<byte> bytes = [(byte)'e', 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], id);
        return new() { Ticket_ = ByteString.CopyFrom(bytes) };
    }

    /// <summary>Returns a new shared ticket.</summary>
    public static Ticket NewShared() => new() { Ticket_ = ByteString.CopyFrom([(byte)'h', .. RandomNumberGenerator.GetBytes(16)]) };
}
