using System.Collections.Immutable;
using Google.Protobuf;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Sessions;

/// <summary>Parses the tickets of requests. Its failures have the texts of the reference server.</summary>
internal static class Tickets
{
    /// <summary>Returns whether a request has no ticket.</summary>
    public static bool IsMissing(Wire.Ticket? ticket) => ticket is null || ticket.Ticket_.IsEmpty;

    /// <summary>Parses a ticket of any kind.</summary>
    /// <exception cref="TicketFormatException">The bytes are not a ticket.</exception>
    public static Ticket Read(ByteString bytes, int maxLength) => Ticket.Parse(bytes.Span, maxLength);

    /// <summary>Parses the ticket of a source, which may be an export that is not defined yet.</summary>
    /// <returns>The canonical text.</returns>
    public static string ReadSource(ByteString bytes, int maxLength) => Read(bytes, maxLength) switch
    {
        FlightSqlTicket => throw new FaultException(FaultCode.FailedPrecondition, "Flight SQL is not served"),
        var ticket => ticket.Canonical,
    };

    /// <summary>Parses the ticket of a result.</summary>
    /// <returns>The export id.</returns>
    public static int ReadResult(ByteString bytes, int maxLength) => RequireExport(Read(bytes, maxLength));

    /// <summary>Returns the export id of a result's ticket.</summary>
    /// <exception cref="FaultException">FAILED_PRECONDITION: the ticket is not an export.</exception>
    public static int RequireExport(Ticket ticket) => ticket is ExportTicket export
        ? export.Id
        : throw new FaultException(FaultCode.FailedPrecondition, StatusTexts.ResultMustBeExport(ticket));

    /// <summary>Returns the bytes of an export's ticket.</summary>
    public static ByteString OfExport(int id) => UnsafeByteOperations.UnsafeWrap(new ExportTicket(id).ToBytes());

    /// <summary>Creates a ticket for a response.</summary>
    public static Wire.Ticket ToWire(ByteString bytes) => new() { Ticket_ = bytes };
}
