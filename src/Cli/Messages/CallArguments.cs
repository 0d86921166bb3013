using System.Text.Json;
using System.Text.Json.Nodes;

namespace Wharf.Cli.Messages;

/// <summary>A call as it is written: <c>method name=text name:=json name@=object</c>.</summary>
/// <param name="Body">The message.</param>
/// <param name="References">The objects that go along, by their names, in the order in which they were written.</param>
internal sealed record CallArguments(JsonObject Body, IReadOnlyList<string> References)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="CommandException">An argument is none.</exception>
    public static CallArguments Parse(string method, IReadOnlyList<string> arguments)
    {
        var body = new JsonObject { ["method"] = method };
        var references = new List<string>();
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || argument[..equals].TrimEnd(':', '@') is not { Length: > 0 } name)
                throw new CommandException($"'{argument}' is no argument", ExitCodes.Usage, "write name=text, name:=json, or name@=object");
            var value = argument[(equals + 1)..];
            if (argument[equals - 1] == '@')
                references.Add(value);
            else if (!body.TryAdd(name, argument[equals - 1] == ':' ? Json(argument, value) : value))
                throw new CommandException($"'{name}' is there twice", ExitCodes.Usage);
        }

        return new CallArguments(body, references);
    }

    private static JsonNode? Json(string argument, string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException wrong)
        {
            throw new CommandException($"'{argument}': what follows := is no JSON: {wrong.Message}", ExitCodes.Usage, "a text is written name=text");
        }
    }
}
