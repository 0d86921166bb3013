using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Wharf.Security.Fuzzing;

/// <summary>Makes requests of any type that the server takes, mostly, from the descriptor of their message.</summary>
internal static class RequestMaker
{
    private const int MaxDepth = 7;

    /// <summary>Makes the messages of a call: one, or several of a stream.</summary>
    public static List<WireMessage> Make(MethodDescriptor method, FuzzRandom random)
    {
        if (method.InputType.FullName == "arrow.flight.protocol.FlightData")
            return RecordedUploads.Make(random);
        int count = method.IsClientStreaming ? random.Next(1, 6) : 1;
        return [.. Enumerable.Range(0, count).Select(place => Make(method.InputType, random, place, 0, Role.Source))];
    }

    private enum Role
    {
        Source,
        Table,
        Result,
    }

    private static WireMessage Make(MessageDescriptor type, FuzzRandom random, int place, int depth, Role role)
    {
        var message = new WireMessage();
        if (type.FullName == "arrow.flight.protocol.FlightDescriptor")
            return Descriptor(message, random);
        var chosen = type.Oneofs.Select(oneof => Choose(oneof, random, place, depth)).ToHashSet();
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (field.ContainingOneof is not null ? !chosen.Contains(field) : random.Once(25))
                continue;
            if (depth >= MaxDepth && field.FieldType == FieldType.Message)
                continue;
            int count = !field.IsRepeated ? 1 : depth > 3 ? random.Next(2) : random.Next(1, 4);
            for (int n = 0; n < count; n++)
                message.Fields.Add(Make(field, random, depth, role));
        }

        return message;
    }

    // The first message of a stream opens it: that is the first choice everywhere.
    private static FieldDescriptor? Choose(OneofDescriptor oneof, FuzzRandom random, int place, int depth)
    {
        if (oneof.ContainingType.FullName.EndsWith(".StreamRequest", StringComparison.Ordinal) && !random.Once(10))
            return oneof.Fields[Math.Min(place, oneof.Fields.Count - 1)];
        if (oneof.ContainingType.Name == "TableReference" && !random.Once(6))
            return oneof.Fields[0];
        var fields = depth >= MaxDepth ? [.. oneof.Fields.Where(static field => field.FieldType != FieldType.Message)] : oneof.Fields;
        return fields.Count == 0 || random.Once(30) ? null : fields[random.Next(fields.Count)];
    }

    private static WireField Make(FieldDescriptor field, FuzzRandom random, int depth, Role role)
    {
        switch (field.FieldType)
        {
            case FieldType.Message or FieldType.Group:
                var inner = field.Name.StartsWith("result", StringComparison.Ordinal) ? Role.Result : field.MessageType.Name == "TableReference" || field.Name == "table_id" ? Role.Table : role;
                return WireField.OfMessage(field.FieldNumber, Make(field.MessageType, random, 1, depth + 1, inner));
            case FieldType.String:
                return WireField.OfBytes(field.FieldNumber, Encoding.UTF8.GetBytes(FuzzTexts.Text(field, random)));
            case FieldType.Bytes:
                return WireField.OfBytes(field.FieldNumber, field.Name == "ticket" ? Ticket(role, random) : FuzzTexts.Bytes(field, random));
            case FieldType.Enum:
                return WireField.OfVarint(field.FieldNumber, (ulong)(long)random.Pick([.. field.EnumType.Values]).Number);
            case FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64:
                return new WireField(field.FieldNumber, WireFormat.WireType.Fixed64) { Value = (ulong)BitConverter.DoubleToInt64Bits(random.Pick(0.0, 1.5, -1.0, double.NaN)) };
            case FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32:
                return new WireField(field.FieldNumber, WireFormat.WireType.Fixed32) { Value = (uint)BitConverter.SingleToInt32Bits(random.Pick(0f, 1.5f, -1f, float.NaN)) };
            case FieldType.Bool:
                return WireField.OfVarint(field.FieldNumber, (ulong)random.Next(2));
            default:
                return WireField.OfVarint(field.FieldNumber, field.Name is "auth_protocol" or "protocol_version" ? 0 : Number(field, random));
        }
    }

    private static byte[] Ticket(Role role, FuzzRandom random) => role switch
    {
        Role.Result => FuzzTickets.Target(random),
        Role.Table => FuzzTickets.Table(random),
        _ => FuzzTickets.Source(random),
    };

    // Small numbers: what a number of rows may cost is the subject of other tests.
    private static ulong Number(FieldDescriptor field, FuzzRandom random)
    {
        long number = random.Next(field.Name == "size" ? 2_000 : 20);
        return field.FieldType is FieldType.SInt32 or FieldType.SInt64 ? (ulong)((number << 1) ^ (number >> 63)) : (ulong)number;
    }

    private static WireMessage Descriptor(WireMessage message, FuzzRandom random)
    {
        bool isPath = !random.Once(8);
        message.Fields.Add(WireField.OfVarint(1, isPath ? 1UL : 2UL));
        if (isPath)
            message.Fields.AddRange(FuzzTickets.Path(random).Select(static part => WireField.OfBytes(3, Encoding.UTF8.GetBytes(part))));
        else
            message.Fields.Add(WireField.OfBytes(2, random.Bytes(random.Next(30))));
        return message;
    }
}
