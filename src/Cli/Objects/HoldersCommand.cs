using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;

namespace Wharf.Cli.Objects;

/// <summary><c>wharf holders</c>.</summary>
internal static class HoldersCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var name = new Argument<string>("name") { Description = "The object's name." };
        connection.Completes(name);
        var command = new Command("holders", "Tell who keeps an object alive: names, exports of sessions, open streams.") { name };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            var described = (await NamedObjects.CallAsync(session, new JsonObject { ["method"] = "holders", ["name"] = result.GetValue(name) }, cancellationToken)).Result!;
            if (result.GetValue(connection.Json))
            {
                terminal.WriteJson(described);
            }
            else
            {
                foreach (var holder in described["holders"]!.AsArray())
                    terminal.Out.WriteLine((string)holder!);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
