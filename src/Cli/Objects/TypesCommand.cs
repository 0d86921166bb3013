using System.CommandLine;
using System.Text.Json;
using Wharf.Cli.Connection;
using Wharf.Client;

namespace Wharf.Cli.Objects;

/// <summary><c>wharf types</c>.</summary>
internal static class TypesCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var command = new Command("types", "List the object types of all nodes of the server.");
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            await using var objects = await ObjectManager.OpenAsync(session, cancellationToken);
            var types = await objects.Service.ListTypesAsync(cancellationToken);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(JsonSerializer.SerializeToNode(types, NamedObjectsJson.Default.ObjectTypeInfoArray));
            else
                terminal.WriteTable(["Type", "Plugin", "Version", "Kind", "Can be created", "Aliases"], types.Select(Row));
            return ExitCodes.Success;
        });
        return command;
    }

    private static IReadOnlyList<string> Row(ObjectTypeInfo type) =>
        [type.Name, type.Plugin, type.Version, type.Kind, type.CanCreate ? "yes" : "no", string.Join(", ", type.Aliases)];
}
