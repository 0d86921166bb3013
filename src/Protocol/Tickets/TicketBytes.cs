using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Wharf.Protocol;

/// <summary>Parses the bytes of a ticket. The first byte selects the kind.</summary>
internal static class TicketBytes
{
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, int maxLength, [NotNullWhen(true)] out Ticket? ticket, [NotNullWhen(false)] out TicketError? error)
    {
        ticket = null;
        error = bytes.IsEmpty ? TicketErrors.Empty
            : bytes.Length > maxLength ? TicketErrors.TooLong(maxLength)
            : bytes[0] switch
            {
                ExportTicket.Route => ReadExport(bytes, out ticket),
                SharedTicket.Route => ReadShared(bytes, out ticket),
                ScopeTicket.Route => ReadScope(bytes, out ticket),
                ApplicationTicket.Route => ReadApplication(bytes, out ticket),
                FlightSqlTicket.Route => ReadFlightSql(bytes, out ticket),
                var route => TicketErrors.UnknownRoute(route),
            };
        return ticket is not null;
    }

    private static TicketError? ReadExport(ReadOnlySpan<byte> bytes, out Ticket? ticket)
    {
        ticket = null;
        if (bytes.Length != ExportTicket.Length)
            return TicketErrors.ExportLength(bytes);
        ticket = new ExportTicket(BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]));
        return null;
    }

    private static TicketError? ReadShared(ReadOnlySpan<byte> bytes, out Ticket? ticket)
    {
        ticket = null;
        if (bytes.Length == 1)
            return TicketErrors.SharedLength(bytes);
        ticket = new SharedTicket(bytes[1..].ToArray());
        return null;
    }

    private static TicketError? ReadScope(ReadOnlySpan<byte> bytes, out Ticket? ticket)
    {
        ticket = null;
        if (bytes.Length < 3 || bytes[1] != (byte)'/')
            return TicketErrors.ScopeForm(bytes);
        if (!TicketText.TryDecode(bytes[2..], out var name))
            return TicketErrors.NotUtf8(bytes);
        if (TicketNames.FindProblem(name) is { } problem)
            return problem;
        ticket = new ScopeTicket(name);
        return null;
    }

    // Only the positions of the slashes matter: clients may write any text before the first slash and between the second and the third.
    private static TicketError? ReadApplication(ReadOnlySpan<byte> bytes, out Ticket? ticket)
    {
        ticket = null;
        if (!TicketText.TryDecode(bytes, out var text))
            return TicketErrors.NotUtf8(bytes);
        if (text.Split('/', 4) is not [_, var applicationId, _, var fieldName])
            return TicketErrors.ApplicationForm(bytes);
        if (TicketNames.FindProblem(applicationId, fieldName) is { } problem)
            return problem;
        ticket = new ApplicationTicket(applicationId, fieldName);
        return null;
    }

    private static TicketError? ReadFlightSql(ReadOnlySpan<byte> bytes, out Ticket? ticket)
    {
        ticket = new FlightSqlTicket(bytes[1..].ToArray());
        return null;
    }
}
