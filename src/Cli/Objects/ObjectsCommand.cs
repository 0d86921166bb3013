using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;
using Wharf.Client;

namespace Wharf.Cli.Objects;

/// <summary><c>wharf objects</c>: lists the named objects, and optionally their changes.</summary>
internal static class ObjectsCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Write each change until Ctrl+C." };
        var command = new Command("objects", "List the named objects of the server.") { watch };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            var json = result.GetValue(connection.Json);
            if (result.GetValue(watch))
                await WatchAsync(terminal, session, json, cancellationToken);
            else
                Write(terminal, await session.ListFieldsAsync(cancellationToken), json);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(Terminal terminal, IReadOnlyList<Field> fields, bool json)
    {
        var sorted = fields.OrderBy(static field => field.Ticket.Ticket.Canonical, StringComparer.Ordinal);
        if (json)
            terminal.WriteJson(new JsonArray([.. sorted.Select(static field => (JsonNode)Describe(field))]));
        else
            terminal.WriteTable(["Name", "Type", "Ticket", "Description"], sorted.Select(static field => (IReadOnlyList<string>)[field.Name, field.Ticket.Type, field.Ticket.Ticket.Canonical, field.Description]));
    }

    private static async Task WatchAsync(Terminal terminal, Session session, bool json, CancellationToken cancellationToken)
    {
        await foreach (var changes in session.WatchFieldsAsync(cancellationToken))
        {
            foreach (var (what, field) in changes.Created.Select(static field => ("created", field))
                .Concat(changes.Updated.Select(static field => ("updated", field))).Concat(changes.Removed.Select(static field => ("removed", field))))
            {
                if (json)
                {
                    var line = Describe(field);
                    line["change"] = what;
                    terminal.WriteJsonLine(line);
                }
                else
                {
                    terminal.Out.WriteLine(Terminal.OneLine($"{what}  {field.Name}  {field.Ticket.Type}"));
                }
            }

            await terminal.Out.FlushAsync(cancellationToken);
        }
    }

    private static JsonObject Describe(Field field) => new()
    {
        ["name"] = field.Name,
        ["type"] = field.Ticket.Type,
        ["ticket"] = field.Ticket.Ticket.Canonical,
        ["application"] = field.ApplicationId,
        ["description"] = field.Description,
    };
}
