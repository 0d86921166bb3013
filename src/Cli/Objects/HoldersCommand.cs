using System.CommandLine;
using System.Text.Json;
using Wharf.Cli.Connection;
using Wharf.Client;

namespace Wharf.Cli.Objects;

/// <summary><c>wharf holders</c>.</summary>
internal static class HoldersCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var name = new Argument<string>("name") { Description = "The name of the object." };
        connection.CompleteObjectNames(name);
        var command = new Command("holders", "List the holders of an object: names, exports of sessions, open streams.") { name };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            await using var objects = await ObjectManager.OpenAsync(session, cancellationToken);
            var described = await objects.Service.HoldersAsync(result.GetRequiredValue(name), cancellationToken);
            if (result.GetValue(connection.Json))
            {
                terminal.WriteJson(JsonSerializer.SerializeToNode(described, NamedObjectsJson.Default.ObjectHolders));
            }
            else
            {
                foreach (var holder in described.Holders)
                    terminal.Out.WriteLine(holder);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
