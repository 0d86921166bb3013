using System.Text.Json;
using Wharf.Protocol;

namespace Wharf.Grains.Management;

/// <summary>Reads the parameters of a call.</summary>
internal readonly struct ManagerCall
{
    private readonly JsonElement _call;

    public ManagerCall(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object)
            throw Wrong("A call is a JSON object with a method");
        _call = call;
    }

    /// <summary>Returns a parameter that is a text and not empty.</summary>
    public string Text(string parameter) =>
        _call.TryGetProperty(parameter, out var value) && value.ValueKind == JsonValueKind.String && Read(value.GetString, parameter) is { Length: > 0 } text
        ? text
        : throw Wrong($"The call has no '{parameter}', or it is no text");

    /// <summary>Returns the values of a parameter that is an object of plain values, by configuration path; empty if the parameter is missing.</summary>
    public IReadOnlyDictionary<string, string?> Arguments(string parameter)
    {
        var arguments = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (!_call.TryGetProperty(parameter, out var values) || values.ValueKind == JsonValueKind.Null)
            return arguments;
        if (values.ValueKind != JsonValueKind.Object)
            throw Wrong($"'{parameter}' is an object of names and values");
        foreach (var value in values.EnumerateObject())
        {
            var name = Read(() => value.Name, $"a name in {parameter}");
            var text = value.Value.ValueKind switch
            {
                JsonValueKind.String => Read(value.Value.GetString, $"{parameter}.{name}"),
                JsonValueKind.Null => null,
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
                _ => throw Wrong($"'{parameter}.{NameRules.Shown(name)}' is no plain value; nested ones are written as a path, such as \"Limits:Most\""),
            };
            if (!arguments.TryAdd(name, text))
                throw Wrong($"'{parameter}.{NameRules.Shown(name)}' is there twice");
        }

        return arguments;
    }

    /// <summary>Throws for unknown parameters: a misspelt one would otherwise be ignored.</summary>
    public void RequireOnly(params ReadOnlySpan<string> parameters)
    {
        foreach (var given in _call.EnumerateObject())
        {
            var name = Read(() => given.Name, "the name of a parameter")!;
            if (name != "method" && !parameters.Contains(name))
                throw Wrong($"The method has no parameter '{NameRules.Shown(name)}'{(parameters.IsEmpty ? "" : $": {string.Join(", ", parameters.ToArray())}")}");
        }
    }

    /// <summary>Reads a text, which may contain an escaped lone surrogate.</summary>
    private static T Read<T>(Func<T> read, string what)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw Wrong($"'{what}' is not well-formed text");
        }
    }

    private static FaultException Wrong(string message) => new(FaultCode.InvalidArgument, message);
}
