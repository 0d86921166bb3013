using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>An answer as it is read: a result, an error, or one of the values of a method that pushes.</summary>
public sealed class RpcAnswer
{
    private RpcAnswer(JsonElement value, bool isItem, string? error, int? status) => (Value, IsItem, Error, Status) = (value, isItem, error, status);

    /// <summary>Whether more follows.</summary>
    public bool IsItem { get; }

    /// <summary>What went wrong, in the server's words; null when nothing did.</summary>
    public string? Error { get; }

    /// <summary>The number of the error's gRPC status, when the server told one.</summary>
    public int? Status { get; }

    /// <summary>The objects that came along; whoever reads the answer has to dispose of them.</summary>
    public IReadOnlyList<IServerObject> References { get; init; } = [];

    private JsonElement Value { get; }

    /// <summary>Reads an answer.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="references">The objects that came with it.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static RpcAnswer Read(ReadOnlyMemory<byte> payload, IReadOnlyList<IServerObject> references)
    {
        JsonElement answer;
        try
        {
            var reader = new Utf8JsonReader(payload.Span);
            answer = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException broken)
        {
            throw new FormatException("the object's answer is no JSON", broken);
        }
        if (answer.ValueKind == JsonValueKind.Object)
        {
            if (answer.TryGetProperty(RpcWire.Error, out var error))
                return new(default, isItem: false, error.ValueKind == JsonValueKind.String ? error.GetString()! : error.GetRawText(), StatusOf(answer)) { References = references };
            if (answer.TryGetProperty(RpcWire.Item, out var item))
                return new(item, isItem: true, null, null) { References = references };
            if (answer.TryGetProperty(RpcWire.Result, out var result))
                return new(result, isItem: false, null, null) { References = references };
        }
        throw new FormatException("the object's answer has neither a result nor an error");
    }

    /// <summary>The result as a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="type">How it is read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="FormatException">It is of another type.</exception>
    public T As<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return Value.Deserialize(type)!;
        }
        catch (JsonException broken)
        {
            throw new FormatException($"the object's result is no {typeof(T).Name}: {broken.Message}", broken);
        }
    }

    /// <summary>The result as a table or object.</summary>
    /// <typeparam name="T">What it has to be.</typeparam>
    /// <returns>The first reference, or null when the result is null.</returns>
    /// <exception cref="FormatException">There is none, or it is of another type.</exception>
    public T? Reference<T>()
        where T : class, IServerObject => References switch
    {
        [T reference, ..] => reference,
        [var other, ..] => throw new FormatException($"the object's result is a {(other.Type.Length == 0 ? "thing without a type" : other.Type)}, not a {typeof(T).Name}"),
        _ => Value.ValueKind == JsonValueKind.Null ? null : throw new FormatException("the object's result has no reference"),
    };

    private static int? StatusOf(JsonElement answer) =>
        answer.TryGetProperty(RpcWire.Status, out var status) && status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var number) && number is > 0 and <= 16 ? number : null;
}
