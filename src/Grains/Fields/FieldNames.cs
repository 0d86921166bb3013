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

    /// <summary>Whether a text is the ticket of a field whose names follow the rules.</summary>
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

    /// <summary>Describes a scope variable.</summary>
    /// <param name="ticket">Its ticket, in canonical text.</param>
    /// <param name="reference">The object that it is to hold.</param>
    /// <returns>The description, without an owner.</returns>
    /// <exception cref="FaultException">It is not a variable, its name breaks the rules, or the object is null.</exception>
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

    /// <summary>Checks the names by <see cref="NameRules"/>.</summary>
    /// <returns>The names.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: one of them is not a name.</exception>
    public FieldNames RequireValid()
    {
        var problem = IsScope
            ? NameRules.FindProblem(FieldName, "variable name")
            : NameRules.FindProblem(ApplicationId, "application id") ?? NameRules.FindProblem(FieldName, "field name");
        return problem is null ? this : throw new FaultException(FaultCode.InvalidArgument, problem);
    }

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
