using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;
using Wharf.Client;

namespace Wharf.Cli.Sharing;

/// <summary><c>wharf fetch</c>: fetches an object, and optionally creates a name for it.</summary>
internal static class FetchCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var target = new Argument<string>("ticket") { Description = ObjectName.Description, HelpName = "ticket" };
        var name = new Option<string?>("--as") { Description = "Create this name for the object. The name is independent of the ticket.", HelpName = "name" };
        connection.CompleteObjectNames(target);
        var command = new Command("fetch", "Fetch an object that another session has published, and write its type. With --as, create a permanent name for it.") { target, name };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = result.GetValue(name) is null
                ? await connection.ConnectAsync(result, cancellationToken)
                : await connection.ConnectToNameAsync(result, cancellationToken);
            var fetched = await session.FetchAsync(await ObjectName.FindAsync(session, result.GetValue(target)!, cancellationToken), cancellationToken);
            if (result.GetValue(name) is { } variable)
            {
                await session.PublishAsync(fetched.Ticket, ObjectName.Variable(variable), cancellationToken);
            }

            if (result.GetValue(connection.Json))
                terminal.WriteJson(new JsonObject { ["type"] = fetched.Type, ["name"] = result.GetValue(name) });
            else
                terminal.Out.WriteLine($"fetched an object of type {(fetched.Type.Length == 0 ? "(none)" : fetched.Type)}{(result.GetValue(name) is { } kept ? $", now {kept}" : "")}");
            return ExitCodes.Success;
        });
        return command;
    }
}
