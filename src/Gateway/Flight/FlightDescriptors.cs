using Google.Protobuf;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Reads what a Flight descriptor names.</summary>
internal static class FlightDescriptors
{
    /// <summary>Whether a path leads to something that only sessions see, however it goes on.</summary>
    public static bool BelongsToSession(Wire.FlightDescriptor descriptor) =>
        descriptor.Type == Wire.FlightDescriptor.Types.DescriptorType.Path && descriptor.Path is [ExportTicket.Word or SharedTicket.Word, ..];

    /// <summary>Reads a descriptor.</summary>
    /// <exception cref="FaultException">
    /// UNIMPLEMENTED: the descriptor is a command of Flight SQL. FAILED_PRECONDITION: it is another command, or empty.
    /// </exception>
    /// <exception cref="TicketFormatException">Its path names no ticket.</exception>
    public static Ticket Read(Wire.FlightDescriptor descriptor, int maxTicketLength) => descriptor.Type switch
    {
        Wire.FlightDescriptor.Types.DescriptorType.Path => Ticket.ParsePath(descriptor.Path, maxTicketLength),
        Wire.FlightDescriptor.Types.DescriptorType.Cmd => throw RefuseCommand(descriptor.Cmd),
        _ => throw new FaultException(FaultCode.FailedPrecondition, "The descriptor is neither a path nor a command"),
    };

    private static FaultException RefuseCommand(ByteString command) => FlightSql.TryReadName(command, out var name)
        ? FlightSql.Refuse(name)
        : new FaultException(FaultCode.FailedPrecondition, "No resolver knows the command of the descriptor");
}
