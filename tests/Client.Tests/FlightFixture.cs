using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Google.Protobuf;

namespace Wharf.Client.Tests;

/// <summary>Arrow schemas as they travel.</summary>
internal static class FlightFixture
{
    /// <summary>The bare message of a schema without columns.</summary>
    public static ByteString EmptySchemaMessage { get; } = Bare(new Schema.Builder().Build());

    /// <summary>Puts a bare message into the form of a file or stream: a mark, its length, itself, padding.</summary>
    public static ByteString Encapsulate(ByteString message)
    {
        var bytes = new byte[8 + ((message.Length + 7) / 8 * 8)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, -1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), message.Length);
        message.Span.CopyTo(bytes.AsSpan(8));
        return ByteString.CopyFrom(bytes);
    }

    private static ByteString Bare(Schema schema)
    {
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true))
            writer.WriteStart();
        var written = stream.ToArray();
        return ByteString.CopyFrom(written, 8, BinaryPrimitives.ReadInt32LittleEndian(written.AsSpan(4)));
    }
}
