using Google.Protobuf;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Converts Flight descriptors to tickets.</summary>
internal static class FlightDescriptors
{
    /// <summary>Returns whether a path names an export or a shared ticket, which need a session. It does not check the rest of the path.</summary>
    public static bool BelongsToSession(Wire.FlightDescriptor descriptor) =>
        descriptor.Type == Wire.FlightDescriptor.Types.DescriptorType.Path && descriptor.Path is [ExportTicket.Word or SharedTicket.Word, ..];

    /// <summary>Returns the ticket of a descriptor.</summary>
    /// <exception cref="FaultException">
    /// UNIMPLEMENTED: the descriptor is a command of Flight SQL. FAILED_PRECONDITION: it is another command, or empty.
    /// </exception>
    /// <exception cref="TicketFormatException">The path is not a ticket.</exception>
    public static Ticket Read(Wire.FlightDescriptor descriptor, int maxTicketLength) => descriptor.Type switch
    {
        Wire.FlightDescriptor.Types.DescriptorType.Path => Ticket.ParsePath(descriptor.Path, maxTicketLength),
        Wire.FlightDescriptor.Types.DescriptorType.Cmd => throw RefuseCommand(descriptor.Cmd),
        _ => throw new FaultException(FaultCode.FailedPrecondition, "The descriptor is neither a path nor a command"),
    };

    private static FaultException RefuseCommand(ByteString command) => FlightSql.TryReadName(command, out var name)
        ? FlightSql.Refuse(name)
        : new FaultException(FaultCode.FailedPrecondition, "The command of the descriptor is not supported");
}
