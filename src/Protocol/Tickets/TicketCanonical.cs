using System.Diagnostics.CodeAnalysis;

namespace Wharf.Protocol;

/// <summary>
/// Parses the canonical text of a ticket. A part that may contain a slash is the last one, so nothing needs an escape. Numbers and
/// hexadecimal text are accepted only in the form in which they are written.
/// </summary>
internal static class TicketCanonical
{
    public static bool TryRead(string canonical, [NotNullWhen(true)] out Ticket? ticket)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        ticket = canonical.Split('/', 2) is [var word, var rest] ? Read(word, rest) : null;
        if (ticket is not null && !string.Equals(ticket.Canonical, canonical, StringComparison.Ordinal))
            ticket = null;
        return ticket is not null;
    }

    private static Ticket? Read(string word, string rest) => word switch
    {
        ExportTicket.Word when ExportTicket.TryParseId(rest, out int id) => new ExportTicket(id),
        SharedTicket.Word when rest.Length > 0 && TicketHex.TryRead(rest, out var id) => new SharedTicket(id),
        ScopeTicket.Word when rest.Length > 0 && TicketText.IsWellFormed(rest) => new ScopeTicket(rest),
        ApplicationTicket.Word when rest.Split('/', 3) is [var applicationId, ApplicationTicket.FieldWord, var fieldName]
            && TicketText.IsWellFormed(rest) =>
            new ApplicationTicket(applicationId, fieldName),
        FlightSqlTicket.Word when TicketHex.TryRead(rest, out var any) => new FlightSqlTicket(any),
        _ => null,
    };
}
