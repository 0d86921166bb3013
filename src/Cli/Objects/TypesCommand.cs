using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;

namespace Wharf.Cli.Objects;

/// <summary><c>wharf types</c>.</summary>
internal static class TypesCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var command = new Command("types", "List the object types of the server: of all its nodes.");
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            var types = (await NamedObjects.CallAsync(session, new JsonObject { ["method"] = "list_types" }, cancellationToken)).Result!.AsArray();
            if (result.GetValue(connection.Json))
                terminal.WriteJson(types);
            else
                terminal.WriteTable(["Type", "Plugin", "Version", "Kind", "Can be created", "Aliases"], types.Select(static type => Row(type!)));
            return ExitCodes.Success;
        });
        return command;
    }

    private static IReadOnlyList<string> Row(JsonNode type) =>
    [
        (string)type["name"]!, (string)type["plugin"]!, (string)type["version"]!, (string)type["kind"]!, (bool)type["can_create"]! ? "yes" : "no",
        string.Join(", ", type["aliases"]!.AsArray().Select(static alias => (string)alias!)),
    ];
}
