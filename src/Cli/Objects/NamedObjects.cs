using System.Text.Json.Nodes;
using Wharf.Cli.Messages;
using Wharf.Client;

namespace Wharf.Cli.Objects;

/// <summary>The server's built-in object by which named objects are made and removed.</summary>
internal static class NamedObjects
{
    private const string Name = "objects";
    private const string Type = "Wharf.Objects";

    /// <summary>Calls one of its methods.</summary>
    /// <exception cref="CommandException">The server has no such object, or refused.</exception>
    public static async Task<Reply> CallAsync(Session session, JsonObject call, CancellationToken cancellationToken)
    {
        var field = (await session.ListFieldsAsync(cancellationToken)).FirstOrDefault(static field => field.Ticket.Type == Type)
            ?? throw new CommandException($"this server has no object '{Name}' of type {Type}, by which others are managed", ExitCodes.NotFound);
        await using var client = await Conversation.OpenAsync(session, field.Ticket, cancellationToken);
        return await Conversation.CallAsync(client, call, [], cancellationToken);
    }
}
