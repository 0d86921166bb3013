using Wharf.Client;
using Wharf.Protocol;

namespace Wharf.Cli.Connection;

/// <summary>
/// Parses the objects of the command line: the name of a listed object (<c>counter</c>, or <c>application/field</c> if several applications have the name), a ticket in its canonical
/// text (<c>scope/counter</c>, <c>app/a/field/f</c>, <c>shared/{hex}</c>), and the type of an unlisted ticket after a colon (<c>shared/{hex}:Counter</c>).
/// </summary>
internal static class ObjectName
{
    public const string Description = "The name of an object, as listed by wharf objects, or a ticket such as shared/<hex>:<Type>.";

    private const string SharedPrefix = "shared/";

    /// <summary>Returns the text of a shared ticket with its type.</summary>
    public static string Of(SharedTicket ticket, string type) => type.Length == 0 ? ticket.Canonical : $"{ticket.Canonical}:{type}";

    /// <summary>Returns the ticket of a new name.</summary>
    /// <exception cref="CommandException">The name is invalid.</exception>
    public static ScopeTicket Variable(string name) => name.Length > 0 && !name.Contains('/', StringComparison.Ordinal)
        ? new ScopeTicket(name)
        : throw new CommandException($"'{name}' is not a valid name of an object", ExitCodes.Usage, "a name must not be empty or contain a slash");

    /// <summary>Finds the object.</summary>
    /// <exception cref="CommandException">The object does not exist, or the name is ambiguous.</exception>
    public static async Task<TypedTicket> FindAsync(Session session, string text, CancellationToken cancellationToken)
    {
        if (text.StartsWith(SharedPrefix, StringComparison.Ordinal))
            return ParseShared(text);

        var fields = await session.ListFieldsAsync(cancellationToken);
        var found = fields.Where(field => field.Name == text || field.Ticket.Ticket.Canonical == text || $"{field.ApplicationId}/{field.Name}" == text).ToArray();
        return found switch
        {
            [var only] => only.Ticket,
            [] => throw new CommandException($"there is no object '{text}'", ExitCodes.NotFound, Nearest(text, fields)),
            _ => throw new CommandException(
                $"'{text}' is the name of several objects", ExitCodes.Usage, $"use one of {string.Join(", ", found.Select(field => field.Ticket.Ticket.Canonical))}"),
        };
    }

    private static TypedTicket ParseShared(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (ticket, type) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        return Ticket.TryParseCanonical(ticket, out var parsed)
            ? new TypedTicket(parsed, type)
            : throw new CommandException($"'{ticket}' is not a shared ticket", ExitCodes.Usage, "wharf publish writes one: shared/ and hexadecimal digits");
    }

    private static string Nearest(string text, IReadOnlyList<Field> fields) =>
        fields.FirstOrDefault(field => string.Equals(field.Name, text, StringComparison.OrdinalIgnoreCase) || field.Name.StartsWith(text, StringComparison.OrdinalIgnoreCase)) is { } near
            ? $"did you mean '{near.Name}'?"
            : fields.Count == 0 ? "the server has no objects"
            : $"the server has {string.Join(", ", fields.Select(static field => field.Name))}";
}
