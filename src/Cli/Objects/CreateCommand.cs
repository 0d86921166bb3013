using System.CommandLine;
using System.Text.Json.Nodes;
using Grpc.Core;
using Wharf.Cli.Connection;
using Wharf.Client;
using Wharf.Plugins;

namespace Wharf.Cli.Objects;

/// <summary><c>wharf create</c>.</summary>
internal static class CreateCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var type = new Argument<string>("type") { Description = "The object type; wharf types lists them." };
        connection.CompleteTypeNames(type);
        var name = new Argument<string>("name") { Description = "The name of the new object: a variable, or app/<application>/field/<field>." };
        var arguments = new Option<string[]>("--argument", "-a")
        {
            Description = "An argument of the object; Limits:Most=5 is a nested one.", HelpName = "name=value", AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("create", "Create a named object, which is visible to every session.") { type, name, arguments };
        command.SetAction(async (result, cancellationToken) =>
        {
            var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var argument in result.GetValue(arguments) ?? [])
            {
                if (argument.Split('=', 2) is not [{ Length: > 0 } key, var value] || !given.TryAdd(key, value))
                    throw new CommandException($"'{argument}' is not an argument, or is repeated", ExitCodes.Usage, "use name=value");
            }

            await using var session = await connection.ConnectAsync(result, cancellationToken);
            await using var objects = await ObjectManager.OpenAsync(session, cancellationToken);
            await using var made = await CreateAsync(objects.Service, result.GetRequiredValue(type), result.GetRequiredValue(name), given, cancellationToken);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(new JsonObject { ["name"] = result.GetValue(name), ["type"] = made.Type });
            else
                terminal.Out.WriteLine($"created {result.GetValue(name)}, a {made.Type}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<IServerObject> CreateAsync(
        INamedObjects objects, string type, string name, Dictionary<string, string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await objects.CreateAsync(type, name, arguments, cancellationToken);
        }
        catch (RpcException failed) when (failed.StatusCode == StatusCode.NotFound)
        {
            throw new CommandException(failed.Status.Detail, ExitCodes.NotFound, "wharf types lists the object types and shows which can be created");
        }
    }
}
