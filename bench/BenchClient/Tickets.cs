using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>The tickets that the lines use.</summary>
internal static class Tickets
{
    /// <summary>An object of the scope.</summary>
    public static Ticket Named(string name) => new() { Ticket_ = ByteString.CopyFromUtf8($"s/{name}") };

    /// <summary>An export of the session.</summary>
    public static Ticket Export(int id)
    {
        Span<byte> bytes = [(byte)'e', 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], id);
        return new() { Ticket_ = ByteString.CopyFrom(bytes) };
    }

    /// <summary>A shared ticket that nobody has used yet.</summary>
    public static Ticket NewShared() => new() { Ticket_ = ByteString.CopyFrom([(byte)'h', .. RandomNumberGenerator.GetBytes(16)]) };
}
