using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Gateway.Errors;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Serializes and deserializes FlightData with one copy: from the table into the connection, or from the connection into the array of the table.</summary>
internal static class FlightFrameMarshaller
{
    private const int MaxLengthBytes = 5;

    // The unused bytes before a body of at least LongBody bytes, see UploadReader.
    private const int RoomBeforeBody = 8 * 1024;
    private const int LongBody = 128 * 1024;

    private static readonly uint DescriptorTag = Tag(Wire.FlightData.FlightDescriptorFieldNumber);
    private static readonly uint HeaderTag = Tag(Wire.FlightData.DataHeaderFieldNumber);
    private static readonly uint BodyTag = Tag(Wire.FlightData.DataBodyFieldNumber);

    /// <summary>The only instance.</summary>
    public static Marshaller<FlightFrame> Instance { get; } =
        CheckedMarshaller.Of(Marshallers.Create<FlightFrame>(Write, context => Read(context.PayloadAsReadOnlySequence())), "FlightService");

    private static void Write(FlightFrame frame, SerializationContext context)
    {
        long bodyLength = frame.BodyLength;
        long length = FieldLength(HeaderTag, frame.Header.Length) + (bodyLength > 0 ? FieldLength(BodyTag, bodyLength) : 0);
        context.SetPayloadLength(checked((int)length));
        var output = context.GetBufferWriter();
        WritePrefix(output, HeaderTag, frame.Header.Length);
        output.Write(frame.Header.Span);
        if (bodyLength > 0)
        {
            WritePrefix(output, BodyTag, (int)bodyLength);
            foreach (var buffer in frame.Body)
                output.Write(buffer.Span);
        }
        context.Complete();
    }

    private static FlightFrame Read(ReadOnlySequence<byte> payload)
    {
        var input = new SequenceReader<byte>(payload);
        Wire.FlightDescriptor? descriptor = null;
        byte[] header = [];
        Memory<byte> room = default, body = default;
        while (!input.End)
        {
            uint tag = checked((uint)ReadVarint(ref input));
            if (tag == DescriptorTag)
                descriptor = Wire.FlightDescriptor.Parser.ParseFrom(ReadBytes(ref input));
            else if (tag == HeaderTag)
                header = ReadBytes(ref input).ToArray();
            else if (tag == BodyTag)
                (room, body) = Copy(ReadBytes(ref input));
            else
                Skip(ref input, tag);
        }
        return new FlightFrame { Descriptor = descriptor, Header = header, Room = room, Body = body.IsEmpty ? [] : [body] };
    }

    private static (Memory<byte> Room, Memory<byte> Body) Copy(ReadOnlySequence<byte> bytes)
    {
        int free = bytes.Length >= LongBody ? RoomBeforeBody : 0, length = free + checked((int)bytes.Length);
        Memory<byte> room = free > 0 ? BodyArrays.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
        var body = room[free..];
        bytes.CopyTo(body.Span);
        return (free == 0 ? default : room, body);
    }

    private static ReadOnlySequence<byte> ReadBytes(ref SequenceReader<byte> input)
    {
        ulong length = ReadVarint(ref input);
        if (length > (ulong)input.Remaining)
            throw Truncated();
        var bytes = input.UnreadSequence.Slice(0, (long)length);
        input.Advance((long)length);
        return bytes;
    }

    private static void Skip(ref SequenceReader<byte> input, uint tag)
    {
        int fixedLength = WireFormat.GetTagWireType(tag) switch
        {
            WireFormat.WireType.Fixed32 => 4,
            WireFormat.WireType.Fixed64 => 8,
            WireFormat.WireType.Varint => 0,
            WireFormat.WireType.LengthDelimited => -1,
            _ => throw new FlightFrameException("the wire type of a field is unknown"),
        };
        if (fixedLength < 0)
            ReadBytes(ref input);
        else if (fixedLength == 0)
            ReadVarint(ref input);
        else if (input.Remaining >= fixedLength)
            input.Advance(fixedLength);
        else
            throw Truncated();
    }

    private static ulong ReadVarint(ref SequenceReader<byte> input)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (!input.TryRead(out byte next))
                throw Truncated();
            value |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
                return value;
        }
        throw new FlightFrameException("a varint has more than 64 bits");
    }

    private static FlightFrameException Truncated() => new("the message is truncated");

    private static void WritePrefix(IBufferWriter<byte> output, uint tag, int length)
    {
        Span<byte> prefix = stackalloc byte[2 * MaxLengthBytes];
        int written = WriteVarint(prefix, tag);
        written += WriteVarint(prefix[written..], (uint)length);
        output.Write(prefix[..written]);
    }

    private static int WriteVarint(Span<byte> bytes, uint value)
    {
        int index = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[index++] = (byte)(value | 0x80);
        bytes[index++] = (byte)value;
        return index;
    }

    private static long FieldLength(uint tag, long length) =>
        CodedOutputStream.ComputeRawVarint32Size(tag) + CodedOutputStream.ComputeRawVarint64Size((ulong)length) + length;

    private static uint Tag(int field) => WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);
}

/// <summary>The bytes are not a FlightData message.</summary>
internal sealed class FlightFrameException(string message) : FormatException(message);
