using System.Collections.Immutable;
using Google.Protobuf;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Services;

/// <summary>Reads the tickets of requests, in the words of the calls that they came with.</summary>
internal static class Tickets
{
    /// <summary>Whether a request has no ticket.</summary>
    public static bool IsMissing(Wire.Ticket? ticket) => ticket is null || ticket.Ticket_.IsEmpty;

    /// <summary>Reads any ticket.</summary>
    /// <exception cref="TicketFormatException">The bytes are none.</exception>
    public static Ticket Read(ByteString bytes, int maxLength) => Ticket.Parse(bytes.Span, maxLength);

    /// <summary>Reads the ticket of something that is there already, or soon will be.</summary>
    /// <returns>Its canonical text.</returns>
    public static string ReadSource(ByteString bytes, int maxLength) => Read(bytes, maxLength) switch
    {
        FlightSqlTicket => throw new FaultException(FaultCode.FailedPrecondition, "Flight SQL is not served"),
        var ticket => ticket.Canonical,
    };

    /// <summary>Reads the ticket of something that is yet to be made.</summary>
    public static int ReadResult(ByteString bytes, int maxLength) => RequireExport(Read(bytes, maxLength));

    /// <summary>What is made becomes an export, under whatever other name it may be known.</summary>
    public static int RequireExport(Ticket ticket) => ticket is ExportTicket export
        ? export.Id
        : throw new FaultException(FaultCode.FailedPrecondition, StatusTexts.ResultMustBeExport(ticket));

    /// <summary>The bytes of an export's ticket.</summary>
    public static ByteString OfExport(int id) => UnsafeByteOperations.UnsafeWrap(new ExportTicket(id).ToBytes());

    /// <summary>A ticket for an answer.</summary>
    public static Wire.Ticket ToWire(ByteString bytes) => new() { Ticket_ = bytes };
}
