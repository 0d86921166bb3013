using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;

namespace Wharf.Cli.Objects;

/// <summary><c>wharf delete</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var name = new Argument<string>("name") { Description = "The object's name." };
        connection.Completes(name);
        var command = new Command("delete", "Take a named object's name away. It ends when nobody holds it any more.") { name };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            await using var objects = await NamedObjects.OpenAsync(session, cancellationToken);
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
