using Wharf.Protocol;

namespace Wharf.Grains.Fields;

/// <summary>What the canonical text of a field's ticket says.</summary>
/// <param name="ApplicationId">The application, <c>scope</c> for a scope variable.</param>
/// <param name="FieldName">The field's name.</param>
internal readonly record struct FieldNames(string ApplicationId, string FieldName)
{
    /// <summary>The application id of scope variables.</summary>
    public const string Scope = "scope";

    public const string ScopeDescription = "query scope variable";

    public bool IsScope => ApplicationId == Scope;

    /// <exception cref="FaultException">It is not the ticket of a field.</exception>
    public static FieldNames Parse(string ticket) => Ticket.TryParseCanonical(ticket, out var parsed)
        ? parsed switch
        {
            ScopeTicket scope => new FieldNames(Scope, scope.Name),
            ApplicationTicket application => new FieldNames(application.ApplicationId, application.FieldName),
            _ => throw NotAField(),
        }
        : throw NotAField();

    private static FaultException NotAField() => new(FaultCode.FailedPrecondition, "The ticket is not that of a field");
}
