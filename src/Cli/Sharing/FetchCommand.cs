using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;
using Wharf.Client;

namespace Wharf.Cli.Sharing;

/// <summary><c>wharf fetch</c>: whether an object can be had, and under which name it is to stay.</summary>
internal static class FetchCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var target = new Argument<string>("ticket") { Description = ObjectName.Description, HelpName = "ticket" };
        var name = new Option<string?>("--as") { Description = "Keep the object under this name, whatever becomes of the ticket.", HelpName = "name" };
        connection.Completes(target);
        var command = new Command("fetch", "Fetch what another session has published, tell what it is and, with --as, give it a name that lasts.") { target, name };
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
                terminal.Out.WriteLine($"fetched an object of type {(fetched.Type.Length == 0 ? "unknown to the ticket" : fetched.Type)}{(result.GetValue(name) is { } kept ? $", now {kept}" : "")}");
            return ExitCodes.Success;
        });
        return command;
    }
}
