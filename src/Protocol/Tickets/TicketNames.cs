namespace Wharf.Protocol;

/// <summary>
/// Applies <see cref="NameRules"/> to the names in tickets. Empty names are reported by the callers: they have another error.
/// </summary>
internal static class TicketNames
{
    public static TicketError? FindProblem(string variable) => Find(variable, "variable name");

    public static TicketError? FindProblem(string applicationId, string fieldName) =>
        Find(applicationId, "application id") ?? Find(fieldName, "field name");

    private static TicketError? Find(string name, string subject) =>
        name.Length > 0 && NameRules.FindProblem(name, subject) is { } problem ? TicketErrors.Name(problem) : null;
}
