using System.Text.Json;
using System.Text.Json.Nodes;

namespace Wharf.Cli.Messages;

/// <summary>A call on the command line: <c>method name=text name:=json name@=object</c>.</summary>
/// <param name="Body">The message.</param>
/// <param name="References">The names of the objects to send, in the order of the command line.</param>
internal sealed record CallArguments(JsonObject Body, IReadOnlyList<string> References)
{
    /// <summary>Parses the arguments of a call.</summary>
    /// <exception cref="CommandException">An argument is invalid.</exception>
    public static CallArguments Parse(string method, IReadOnlyList<string> arguments)
    {
        var body = new JsonObject { ["method"] = method };
        var references = new List<string>();
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || argument[..equals].TrimEnd(':', '@') is not { Length: > 0 } name)
                throw new CommandException($"'{argument}' is not an argument", ExitCodes.Usage, "use name=text, name:=json, or name@=object");
            var value = argument[(equals + 1)..];
            if (argument[equals - 1] == '@')
                references.Add(value);
            else if (!body.TryAdd(name, argument[equals - 1] == ':' ? Json(argument, value) : value))
                throw new CommandException($"the argument '{name}' is repeated", ExitCodes.Usage);
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
            throw new CommandException($"'{argument}': the text after := is not JSON: {wrong.Message}", ExitCodes.Usage, "use name=text for a text");
        }
    }
}
