using Apache.Arrow;
using Apache.Arrow.Ipc;
using Google.Protobuf;
using Wharf.Protocol.Grpc.Flight;

namespace Wharf.Client;

/// <summary>
/// Converts record batches to the messages of an upload. The dictionaries of a batch precede it: Arrow's Flight writer sends none, and its
/// stream writer sends those of the first batch only.
/// </summary>
internal sealed class UploadMessages(Schema schema)
{
    /// <summary>Returns the first message: the target and the schema.</summary>
    public FlightData First(FlightDescriptor target)
    {
        var first = Write(schema, batch: null)[0];
        first.FlightDescriptor = target;
        return first;
    }

    /// <summary>Returns the dictionaries of a batch that matches the schema, and the batch.</summary>
    public IEnumerable<FlightData> Batch(RecordBatch batch)
    {
        // The writer looks dictionaries up by the field objects of the array types; equal fields are not enough.
        var fields = schema.FieldsList.Select((field, n) =>
            new Apache.Arrow.Field(field.Name, batch.Column(n).Data.DataType, field.IsNullable));
        var own = new Schema(fields, []);
        return Write(own, new RecordBatch(own, batch.Arrays, batch.Length)).Skip(1);
    }

    private static List<FlightData> Write(Schema schema, RecordBatch? batch)
    {
        var stream = new MemoryStream();
        // Not disposed, because that would write an end-of-stream marker, which Flight does not have.
        var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true);
        writer.WriteStart();
        if (batch is not null)
            writer.WriteRecordBatch(batch);
        return Split(stream.GetBuffer().AsMemory(0, (int)stream.Length));
    }

    private static List<FlightData> Split(ReadOnlyMemory<byte> written)
    {
        var messages = new List<FlightData>();
        while (!written.IsEmpty)
        {
            var header = written.Slice(IpcMessage.PrefixLength, IpcMessage.ReadPrefix(written.Span));
            var body = written.Slice(IpcMessage.PrefixLength + header.Length, checked((int)IpcMessage.Read(header.Span).BodyLength));
            messages.Add(new() { DataHeader = UnsafeByteOperations.UnsafeWrap(header), DataBody = UnsafeByteOperations.UnsafeWrap(body) });
            written = written[(IpcMessage.PrefixLength + header.Length + body.Length)..];
        }

        return messages;
    }
}
