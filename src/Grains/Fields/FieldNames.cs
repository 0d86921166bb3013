using Wharf.Protocol;

namespace Wharf.Grains.Fields;

/// <summary>What the canonical text of a field's ticket says.</summary>
/// <param name="ApplicationId">The application, <c>scope</c> for a scope variable.</param>
/// <param name="FieldName">The field's name.</param>
public readonly record struct FieldNames(string ApplicationId, string FieldName)
{
    /// <summary>The application id of scope variables.</summary>
    public const string Scope = "scope";

    /// <summary>What a scope variable is listed as.</summary>
    public const string ScopeDescription = "query scope variable";

    /// <summary>Whether it is a scope variable.</summary>
    public bool IsScope => ApplicationId == Scope;

    /// <summary>Reads it.</summary>
    /// <param name="ticket">The ticket, in canonical text.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="FaultException">It is not the ticket of a field.</exception>
    public static FieldNames Parse(string ticket) => Ticket.TryParseCanonical(ticket, out var parsed)
        ? parsed switch
        {
            ScopeTicket scope => new FieldNames(Scope, scope.Name),
            ApplicationTicket application => new FieldNames(application.ApplicationId, application.FieldName),
            _ => throw NotAField(),
        }
        : throw NotAField();

    /// <summary>
    /// The ticket of a name as people write it: that of a scope variable, or <c>app/{application}/field/{field}</c>. A variable's name has no slash there, else it could be taken for
    /// the other kind.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <returns>The ticket, or null when it is no name.</returns>
    public static Ticket? TicketOf(string name) =>
        Ticket.TryParseCanonical(name.StartsWith("app/", StringComparison.Ordinal) ? name : $"scope/{name}", out var ticket)
        && (ticket is ApplicationTicket || (ticket is ScopeTicket && !name.Contains('/', StringComparison.Ordinal)))
            ? ticket
            : null;

    private static FaultException NotAField() => new(FaultCode.FailedPrecondition, "The ticket is not that of a field");
}
