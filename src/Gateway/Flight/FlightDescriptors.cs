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
    /// <exception cref="FaultException">FAILED_PRECONDITION: it is a command, or nothing.</exception>
    /// <exception cref="TicketFormatException">Its path names no ticket.</exception>
    public static Ticket Read(Wire.FlightDescriptor descriptor, int maxTicketLength) => descriptor.Type switch
    {
        Wire.FlightDescriptor.Types.DescriptorType.Path => Ticket.ParsePath(descriptor.Path, maxTicketLength),
        Wire.FlightDescriptor.Types.DescriptorType.Cmd => throw new FaultException(FaultCode.FailedPrecondition, "No resolver knows the command of the descriptor"),
        _ => throw new FaultException(FaultCode.FailedPrecondition, "The descriptor is neither a path nor a command"),
    };
}
