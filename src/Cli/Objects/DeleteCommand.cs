using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;

namespace Wharf.Cli.Objects;

/// <summary><c>wharf delete</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var name = new Argument<string>("name") { Description = "The name of the object." };
        connection.CompleteObjectNames(name);
        var command = new Command("delete", "Delete the name of an object. The object ends when its last holder releases it.") { name };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            await using var objects = await ObjectManager.OpenAsync(session, cancellationToken);
            await objects.Service.DeleteAsync(result.GetRequiredValue(name), cancellationToken);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(new JsonObject { ["name"] = result.GetValue(name) });
            else
                terminal.Out.WriteLine($"deleted {result.GetValue(name)}");
            return ExitCodes.Success;
        });
        return command;
    }
}
