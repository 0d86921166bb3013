using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>An answer as it is read: a result, an error, or one of the values of a method that pushes. Disposing of it gives up the objects that came along and were not asked for.</summary>
public sealed class RpcAnswer : IAsyncDisposable
{
    private readonly Func<FormatException, Exception> _refuse;
    private readonly IReadOnlyList<IServerObject> _references;
    private int _taken;

    private RpcAnswer(JsonElement value, IReadOnlyList<IServerObject> references, Func<FormatException, Exception> refuse) =>
        (Value, _references, _refuse) = (value, references, refuse);

    /// <summary>Whether more follows.</summary>
    public bool IsItem { get; private init; }

    /// <summary>What went wrong, in the server's words; null when nothing did.</summary>
    public string? Error { get; private init; }

    /// <summary>The number of the error's gRPC status, when the server told one.</summary>
    public int? Status { get; private init; }

    private JsonElement Value { get; }

    /// <summary>Reads an answer.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="references">The objects that came with it; they belong to the answer from now on, unless it cannot be read.</param>
    /// <param name="refuse">Makes the exception that is thrown for an answer that is not what the contract says, here or when a result is asked for.</param>
    /// <returns>The answer.</returns>
    public static RpcAnswer Read(ReadOnlyMemory<byte> payload, IReadOnlyList<IServerObject> references, Func<FormatException, Exception> refuse)
    {
        ArgumentNullException.ThrowIfNull(references);
        ArgumentNullException.ThrowIfNull(refuse);
        JsonElement answer;
        try
        {
            var reader = new Utf8JsonReader(payload.Span);
            answer = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException broken)
        {
            throw refuse(new FormatException("the object's answer is no JSON", broken));
        }
        if (answer.ValueKind == JsonValueKind.Object)
        {
            if (answer.TryGetProperty(RpcWire.Error, out var error))
            {
                var text = error.ValueKind == JsonValueKind.String ? error.GetString()! : error.GetRawText();
                return new(default, references, refuse) { Error = text, Status = StatusOf(answer) };
            }
            if (answer.TryGetProperty(RpcWire.Item, out var item))
                return new(item, references, refuse) { IsItem = true };
            if (answer.TryGetProperty(RpcWire.Result, out var result))
                return new(result, references, refuse);
        }
        throw refuse(new FormatException("the object's answer has neither a result nor an error"));
    }

    /// <summary>The result as a value; of another type, it is refused.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="type">How it is read.</param>
    /// <returns>The value.</returns>
    public T As<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return Value.Deserialize(type)!;
        }
        catch (JsonException broken)
        {
            throw _refuse(new FormatException($"the object's result is no {typeof(T).Name}: {broken.Message}", broken));
        }
    }

    /// <summary>The result as a table or object, which belongs to the caller from now on; if it is none, or another, it is refused.</summary>
    /// <typeparam name="T">What it has to be.</typeparam>
    /// <returns>The next reference, or null when the result is null.</returns>
    public T? Reference<T>()
        where T : class, IServerObject =>
        Value.ValueKind == JsonValueKind.Null && _taken == _references.Count ? null : Take<T>();

    /// <summary>The result as a list of tables or objects, as <see cref="Reference"/>: an array with an empty text for each, or one empty text for all that came.</summary>
    /// <typeparam name="T">What each has to be.</typeparam>
    /// <returns>The references, with null where the array has it; or null when the result is null.</returns>
    public IReadOnlyList<T?>? ReferenceList<T>()
        where T : class, IServerObject
    {
        if (Value.ValueKind == JsonValueKind.Null)
            return null;
        var first = _taken;
        var count = Value.ValueKind switch
        {
            JsonValueKind.Array => Value.GetArrayLength(),
            JsonValueKind.String => _references.Count - first,
            _ => throw _refuse(new FormatException("the object's result is no list of references")),
        };
        try
        {
            var list = new T?[count];
            for (var index = 0; index < count; index++)
                list[index] = Value.ValueKind == JsonValueKind.Array && Value[index].ValueKind == JsonValueKind.Null ? null : Take<T>();
            return list;
        }
        catch
        {
            // Nobody gets a part of it.
            _taken = first;
            throw;
        }
    }

    /// <summary>Gives up the objects that nobody has asked for.</summary>
    /// <returns>When they are given up.</returns>
    public async ValueTask DisposeAsync()
    {
        while (_taken < _references.Count)
            await _references[_taken++].DisposeAsync().ConfigureAwait(false);
    }

    private T Take<T>()
        where T : class, IServerObject
    {
        if (_taken == _references.Count)
            throw _refuse(new FormatException("the object's result has no reference"));
        if (_references[_taken] is not T reference)
        {
            var type = _references[_taken].Type;
            throw _refuse(new FormatException($"the object's result is a {(type.Length == 0 ? "thing without a type" : type)}, not a {typeof(T).Name}"));
        }
        _taken++;
        return reference;
    }

    private static int? StatusOf(JsonElement answer) =>
        answer.TryGetProperty(RpcWire.Status, out var status) && status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var number) && number is > 0 and <= 16 ? number : null;
}
