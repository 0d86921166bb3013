using Google.Protobuf;
using Google.Protobuf.Reflection;
using Wharf.Protocol.Grpc.Flight;
using ExportTicket = Wharf.Protocol.ExportTicket;
using Ticket = Wharf.Protocol.Grpc.Ticket;
using TypedTicket = Wharf.Protocol.Grpc.TypedTicket;

namespace Wharf.Security.Authorization;

/// <summary>Completes requests with values that are served, so that the server reads as far as the field under test.</summary>
/// <param name="table">An export of the session that is a table.</param>
/// <param name="echo">An export of the session that is the object <c>echo</c>.</param>
internal sealed class RequestDefaults(int table, int echo)
{
    public const string EchoType = "Echo";

    private int _lastExport = 1000;

    /// <summary>An id that the session has not used.</summary>
    public int NewExport() => Interlocked.Increment(ref _lastExport);

    /// <summary>A message in which each field has a value, except those on the path.</summary>
    public IMessage Fill(MessageDescriptor type, IReadOnlyList<FieldDescriptor> path) => Fill(type, path, []);

    public static ByteString BytesOf(int export) => ByteString.CopyFrom(new ExportTicket(export).ToBytes());

    private IMessage Fill(MessageDescriptor type, IReadOnlyList<FieldDescriptor> path, IReadOnlyList<MessageDescriptor> outer)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            if (field.IsRepeated || path.Contains(field) || !IsChosen(field, path))
                continue;
            if (Value(field, path, [.. outer, type]) is { } value)
                field.Accessor.SetValue(message, value);
        }

        return message;
    }

    // Of a oneof the field on the path, else the first.
    private static bool IsChosen(FieldDescriptor field, IReadOnlyList<FieldDescriptor> path) =>
        field.RealContainingOneof is not { } oneof || (!oneof.Fields.Any(path.Contains) && oneof.Fields[0] == field);

    private object? Value(FieldDescriptor field, IReadOnlyList<FieldDescriptor> path, IReadOnlyList<MessageDescriptor> outer) => field.FieldType switch
    {
        FieldType.Message when outer.Contains(field.MessageType) => null,
        FieldType.Message when field.MessageType == Ticket.Descriptor => new Ticket { Ticket_ = BytesOf(field.Name.StartsWith("result", StringComparison.Ordinal) ? NewExport() : table) },
        FieldType.Message when field.MessageType == TypedTicket.Descriptor => new TypedTicket { Ticket = new Ticket { Ticket_ = BytesOf(echo) }, Type = EchoType },
        FieldType.Message => Fill(field.MessageType, path, outer),
        FieldType.Bytes when field.ContainingType == Ticket.Descriptor || field.ContainingType == Wharf.Protocol.Grpc.Flight.Ticket.Descriptor => BytesOf(table),
        FieldType.Enum when field.ContainingType == FlightDescriptor.Descriptor => FlightDescriptor.Types.DescriptorType.Path,
        FieldType.String => field.Name switch
        {
            "type" => EchoType,
            "session_type" => "python",
            "variable_name" => "named_by_the_test",
            _ => null,
        },
        _ => null,
    };
}
