using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Google.Protobuf;
using Wharf.Protocol.Grpc.Flight;
using Schema = Apache.Arrow.Schema;

namespace Wharf.Bench;

/// <summary>Flight messages of a table with two long and two double columns.</summary>
internal static class TableFrames
{
    public const int BytesPerRow = 4 * sizeof(long);

    // The length of the prefix of an IPC message: a marker and the length of the header.
    private const int PrefixLength = 8;

    /// <summary>Returns the schema, and a batch that can be sent repeatedly.</summary>
    public static (FlightData Schema, FlightData Batch) Make(int rows)
    {
        var schema = new Schema(
            [new("A", Int64Type.Default, nullable: true), new("B", Int64Type.Default, true), new("C", DoubleType.Default, true), new("D", DoubleType.Default, true)], metadata: null);
        var whole = new Int64Array.Builder().AppendRange(Enumerable.Range(0, rows).Select(i => (long)i)).Build();
        var real = new DoubleArray.Builder().AppendRange(Enumerable.Range(0, rows).Select(i => i * 0.5)).Build();
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true))
            writer.WriteRecordBatch(new RecordBatch(schema, [whole, whole, real, real], rows));

        var left = stream.ToArray().AsMemory();
        return (Next(ref left, bodyLength: 0), Next(ref left, (long)rows * BytesPerRow));
    }

    private static FlightData Next(ref Memory<byte> stream, long bodyLength)
    {
        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(stream.Span[4..]);
        var header = stream.Slice(PrefixLength, headerLength);
        var body = stream.Slice(PrefixLength + headerLength, (int)bodyLength);
        stream = stream[(PrefixLength + headerLength + (int)bodyLength)..];
        return new FlightData { DataHeader = UnsafeByteOperations.UnsafeWrap(header), DataBody = UnsafeByteOperations.UnsafeWrap(body) };
    }
}
