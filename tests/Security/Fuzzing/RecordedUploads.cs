using System.Buffers.Binary;
using System.Collections.Concurrent;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Google.FlatBuffers;
using Wharf.Tables.Tests;
using ArrowSchema = Apache.Arrow.Schema;

namespace Wharf.Security.Fuzzing;

/// <summary>Uploads of every Arrow type as messages of Flight, with their headers and bodies damaged now and then.</summary>
internal static class RecordedUploads
{
    private const int DescriptorField = 1, HeaderField = 2, BodyField = 1_000, Rows = 6;

    private static readonly string[] Names = [.. UploadableTypes.All.Keys];
    private static readonly ConcurrentDictionary<(string Type, int Compression), List<(byte[] Header, byte[] Body)>> Recorded = new();

    public static List<WireMessage> Make(FuzzRandom random)
    {
        var parts = Recorded.GetOrAdd((random.Pick<string>(Names), random.Next(6)), static key => Record(UploadableTypes.All[key.Type], key.Compression)).ToList();
        if (random.Once(10))
            parts.RemoveAt(random.Next(parts.Count));
        if (random.Once(10))
            parts.Insert(random.Next(parts.Count + 1), parts.Count > 0 ? parts[random.Next(parts.Count)] : ([], []));
        bool isDamaged = random.Once(2);
        return [.. parts.Select((part, place) => Message(
            place, isDamaged && random.Once(2) ? Damage(part.Header, random) : part.Header, isDamaged && random.Once(3) ? Damage(part.Body, random) : part.Body, random))];
    }

    private static WireMessage Message(int place, byte[] header, byte[] body, FuzzRandom random)
    {
        var message = new WireMessage();
        if (place == 0 && !random.Once(30))
            message.Fields.Add(WireField.OfMessage(DescriptorField, Descriptor(random)));
        message.Fields.Add(WireField.OfBytes(HeaderField, header));
        if (body.Length > 0 || random.Once(20))
            message.Fields.Add(WireField.OfBytes(BodyField, body));
        return message;
    }

    private static WireMessage Descriptor(FuzzRandom random)
    {
        var message = new WireMessage();
        message.Fields.Add(WireField.OfVarint(1, 1));
        message.Fields.AddRange(FuzzTickets.Path(random).Select(static part => WireField.OfBytes(3, System.Text.Encoding.UTF8.GetBytes(part))));
        return message;
    }

    private static byte[] Damage(byte[] bytes, FuzzRandom random)
    {
        if (bytes.Length == 0)
            return bytes;
        byte[] damaged = [.. bytes];
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(damaged.Length);
            if (random.Once(3) && at + 4 <= damaged.Length)
                BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(at), random.Pick(0, 1, -1, damaged.Length, int.MaxValue, int.MinValue));
            else
                damaged[at] ^= (byte)(1 << random.Next(8));
        }

        return random.Once(10) ? damaged[..random.Next(damaged.Length)] : damaged;
    }

    private static List<(byte[] Header, byte[] Body)> Record(IArrowType type, int compression)
    {
        var schema = new ArrowSchema([new Field("A", type, true)], null);
        var options = new IpcOptions { CompressionCodecFactory = compression < 4 ? null : new CompressionCodecFactory(), CompressionCodec = compression switch { 4 => CompressionCodecType.Lz4Frame, 5 => CompressionCodecType.Zstd, _ => null } };
        using var memory = new MemoryStream();
        using (var writer = new ArrowStreamWriter(memory, schema, leaveOpen: true, options))
        {
            for (int seed = 0; seed < 2; seed++)
                writer.WriteRecordBatch(new RecordBatch(schema, [SampleArrays.Of(type, Rows, seed)], Rows));
            writer.WriteEnd();
        }

        return Split(memory.ToArray());
    }

    // A message of a stream has a marker, the length of its header, the header and the body.
    private static List<(byte[] Header, byte[] Body)> Split(byte[] stream)
    {
        var parts = new List<(byte[], byte[])>();
        for (int at = 0; at + 8 <= stream.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(stream.AsSpan(at + 4));
            if (length == 0)
                break;
            byte[] header = stream[(at + 8)..(at + 8 + length)];
            at += 8 + length;
            int body = BodyLength(header);
            parts.Add((header, stream[at..(at + body)]));
            at += body;
        }

        return parts;
    }

    private static int BodyLength(byte[] header)
    {
        var buffer = new ByteBuffer(header);
        int root = buffer.GetInt(0);
        int offset = new Google.FlatBuffers.Table(root, buffer).__offset(10);
        return offset == 0 ? 0 : (int)buffer.GetLong(root + offset);
    }
}
