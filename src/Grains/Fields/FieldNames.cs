using Wharf.Protocol;

namespace Wharf.Grains.Fields;

/// <summary>The names in the ticket of a field.</summary>
/// <param name="ApplicationId">The application; <c>scope</c> for a scope variable.</param>
/// <param name="FieldName">The field's name.</param>
public readonly record struct FieldNames(string ApplicationId, string FieldName)
{
    /// <summary>The application id of scope variables.</summary>
    public const string Scope = "scope";

    /// <summary>The description of scope variables.</summary>
    public const string ScopeDescription = "query scope variable";

    /// <summary>Whether the field is a scope variable.</summary>
    public bool IsScope => ApplicationId == Scope;

    /// <summary>Returns whether a text is the ticket of a field with valid names.</summary>
    /// <param name="ticket">The text.</param>
    /// <returns>False also for a name that an earlier version accepted.</returns>
    public static bool IsValid(string ticket)
    {
        try
        {
            Parse(ticket).RequireValid();
            return true;
        }
        catch (FaultException)
        {
            return false;
        }
    }

    /// <summary>Creates the description of a scope variable.</summary>
    /// <param name="ticket">The ticket of the variable, in canonical text.</param>
    /// <param name="reference">The object of the variable.</param>
    /// <returns>The description, without an owner.</returns>
    /// <exception cref="FaultException">The ticket is not that of a variable, its name is invalid, or the object is null.</exception>
    public static FieldDescription ToVariable(string ticket, ObjectReference reference)
    {
        var names = Parse(ticket);
        if (!names.IsScope)
            throw new FaultException(FaultCode.FailedPrecondition, "Only scope variables can be set");
        if (reference.Kind == ObjectKind.Null)
            throw new FaultException(FaultCode.InvalidArgument, "A scope variable cannot be null");
        names.RequireValid();
        return new FieldDescription(ticket, names.ApplicationId, "", names.FieldName, ScopeDescription, reference);
    }

    /// <summary>Checks that the names are valid by <see cref="NameRules"/>.</summary>
    /// <returns>The names.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: a name is invalid.</exception>
    public FieldNames RequireValid()
    {
        var problem = IsScope
            ? NameRules.FindProblem(FieldName, "variable name")
            : NameRules.FindProblem(ApplicationId, "application id") ?? NameRules.FindProblem(FieldName, "field name");
        return problem is null ? this : throw new FaultException(FaultCode.InvalidArgument, problem);
    }

    /// <summary>Parses a ticket.</summary>
    /// <param name="ticket">The ticket, in canonical text.</param>
    /// <returns>The names.</returns>
    /// <exception cref="FaultException">The ticket is not that of a field.</exception>
    public static FieldNames Parse(string ticket) => Ticket.TryParseCanonical(ticket, out var parsed)
        ? parsed switch
        {
            ScopeTicket scope => new FieldNames(Scope, scope.Name),
            ApplicationTicket application => new FieldNames(application.ApplicationId, application.FieldName),
            _ => throw NotAField(),
        }
        : throw NotAField();

    /// <summary>
    /// Returns the ticket for a name in user notation: the name of a scope variable, or <c>app/{application}/field/{field}</c>. The name of a variable must not
    /// contain a slash, which could be mistaken for the other form.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <returns>The ticket, or null if the name is invalid.</returns>
    public static Ticket? TicketOf(string name) =>
        Ticket.TryParseCanonical(name.StartsWith("app/", StringComparison.Ordinal) ? name : $"scope/{name}", out var ticket)
        && (ticket is ApplicationTicket || (ticket is ScopeTicket && !name.Contains('/', StringComparison.Ordinal)))
            ? ticket
            : null;

    private static FaultException NotAField() => new(FaultCode.FailedPrecondition, "The ticket is not that of a field");
}
