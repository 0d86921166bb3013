using Google.Protobuf;

namespace Wharf.Security.Fuzzing;

/// <summary>A protobuf message as a list of fields, which may contradict its descriptor: repeated where it may not be, of another wire type, or unknown.</summary>
internal sealed class WireMessage
{
    /// <summary>The fields, in the order in which they are written.</summary>
    public List<WireField> Fields { get; } = [];

    /// <summary>Returns the message and all messages in it.</summary>
    public IEnumerable<WireMessage> WithNested() => Fields.Where(static field => field.Nested is not null).SelectMany(static field => field.Nested!.WithNested()).Prepend(this);

    public byte[] ToBytes()
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            foreach (var field in Fields)
                field.WriteTo(output);
        }

        return memory.ToArray();
    }
}

/// <summary>A field of a message.</summary>
/// <param name="number">The number of the field.</param>
/// <param name="type">The wire type, which the value is written as.</param>
internal sealed class WireField(int number, WireFormat.WireType type)
{
    public int Number { get; set; } = number;

    public WireFormat.WireType Type { get; set; } = type;

    public ulong Value { get; set; }

    public byte[] Bytes { get; set; } = [];

    public WireMessage? Nested { get; set; }

    public static WireField OfVarint(int number, ulong value) => new(number, WireFormat.WireType.Varint) { Value = value };

    public static WireField OfBytes(int number, byte[] bytes) => new(number, WireFormat.WireType.LengthDelimited) { Bytes = bytes };

    public static WireField OfMessage(int number, WireMessage nested) => new(number, WireFormat.WireType.LengthDelimited) { Nested = nested };

    public void WriteTo(CodedOutputStream output)
    {
        output.WriteTag(Number, Type);
        switch (Type)
        {
            case WireFormat.WireType.Varint:
                output.WriteUInt64(Value);
                break;
            case WireFormat.WireType.Fixed32:
                output.WriteFixed32((uint)Value);
                break;
            case WireFormat.WireType.Fixed64:
                output.WriteFixed64(Value);
                break;
            case WireFormat.WireType.LengthDelimited:
                output.WriteBytes(UnsafeByteOperations.UnsafeWrap(Nested?.ToBytes() ?? Bytes));
                break;
        }
    }
}
