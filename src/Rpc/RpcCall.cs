using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>The server's view of a call: reads its parameters and sends its answers.</summary>
public sealed class RpcCall : IDisposable
{
    private const int LongestShown = 100;

    private readonly JsonDocument _message;
    private readonly IReadOnlyList<IServerObject> _references;
    private readonly Action<ReadOnlyMemory<byte>, IReadOnlyList<object?>> _send;
    private int _nextReference;

    private RpcCall(JsonDocument message, IReadOnlyList<IServerObject> references, Action<ReadOnlyMemory<byte>, IReadOnlyList<object?>> send, CancellationToken closed) =>
        (_message, _references, _send, Closed) = (message, references, send, closed);

    /// <summary>Cancelled when the stream of the call has ended.</summary>
    public CancellationToken Closed { get; }

    /// <summary>The name of the method on the wire; empty if the call names none.</summary>
    public string Method => _message.RootElement.ValueKind == JsonValueKind.Object
        && _message.RootElement.TryGetProperty(RpcWire.Method, out var method) && method.ValueKind == JsonValueKind.String ? method.GetString()! : "";

    /// <summary>Completes at the end of a method that pushes; already completed for any other method.</summary>
    public Task Pushing { get; private set; } = Task.CompletedTask;

    /// <summary>Reads a call.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="references">The objects that were sent with it.</param>
    /// <param name="send">Sends an answer and its references; may be called later and from any thread.</param>
    /// <param name="closed">Cancelled when the stream of the call has ended.</param>
    /// <returns>The call.</returns>
    /// <exception cref="RpcCallException">The message is not JSON.</exception>
    public static RpcCall Read(
        ReadOnlyMemory<byte> payload, IReadOnlyList<IServerObject> references, Action<ReadOnlyMemory<byte>, IReadOnlyList<object?>> send, CancellationToken closed)
    {
        try
        {
            return new(JsonDocument.Parse(payload), references, send, closed);
        }
        catch (JsonException broken)
        {
            throw new RpcCallException(
                """a call is a JSON object with a method, such as {"method": "name", "parameter": "value"}; this one is not JSON""", broken);
        }
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="RpcCallException">The value is missing or of another type.</exception>
    public T Value<T>(string name, JsonTypeInfo<T> type) =>
        _message.RootElement.TryGetProperty(name, out var value) ? Read(name, value, type) : throw new RpcCallException($"{Method} takes a parameter {name}");

    /// <summary>Reads an optional value.</summary>
    /// <exception cref="RpcCallException">The value is of another type.</exception>
    public T Value<T>(string name, JsonTypeInfo<T> type, T otherwise) => _message.RootElement.TryGetProperty(name, out var value) ? Read(name, value, type) : otherwise;

    /// <summary>Takes the next table or object.</summary>
    /// <exception cref="RpcCallException">The reference is missing or of another type.</exception>
    public T Reference<T>(string name)
        where T : class, IServerObject => OptionalReference<T>(name) ?? throw new RpcCallException($"{Method} takes {Wanted<T>()} as {name}, not null");

    /// <summary>Takes the next table or object, or null if the call has null as the parameter.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="otherwise">Whether the result is also null if the call has neither a null nor a reference for the parameter.</param>
    /// <exception cref="RpcCallException">The reference is missing or of another type.</exception>
    public T? OptionalReference<T>(string name, bool otherwise = false)
        where T : class, IServerObject
    {
        if (_message.RootElement.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.Null : otherwise && _nextReference == _references.Count)
            return null;
        return Next<T>() ?? throw new RpcCallException($"{Method} takes {Wanted<T>()} as {name}: the next reference of the call");
    }

    /// <summary>Takes a list of tables or objects: one for each empty string in the array of this name, or all remaining references if the call has no such parameter.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="withNulls">Whether some of them may be null.</param>
    /// <exception cref="RpcCallException">There are too few references, one is of another type, or one is null and nulls are not allowed.</exception>
    public IReadOnlyList<T?> ReferenceList<T>(string name, bool withNulls = false)
        where T : class, IServerObject => OptionalReferenceList<T>(name, withNulls) ?? throw NoList<T>(name);

    /// <summary>Takes a list of tables or objects, or null if the call has null as the parameter.</summary>
    /// <inheritdoc cref="ReferenceList"/>
    public IReadOnlyList<T?>? OptionalReferenceList<T>(string name, bool withNulls = false)
        where T : class, IServerObject
    {
        var isNamed = _message.RootElement.TryGetProperty(name, out var value);
        if (isNamed && value.ValueKind == JsonValueKind.Null)
            return null;
        if (isNamed && value.ValueKind != JsonValueKind.Array)
            throw NoList<T>(name);
        var list = new T?[isNamed ? value.GetArrayLength() : _references.Count - _nextReference];
        for (var index = 0; index < list.Length; index++)
            if (!isNamed || value[index].ValueKind != JsonValueKind.Null)
                list[index] = Next<T>() ?? throw NoList<T>(name);
            else if (!withNulls)
                throw NoList<T>(name);
        return list;
    }

    /// <summary>Fails the call because no method has its name.</summary>
    public void Unknown() => throw new RpcCallException(Method.Length == 0 ? "a call is a JSON object with a method" : $"Unknown message type: {Method}");

    /// <summary>Sends the result of a method without a value.</summary>
    public void Return() => Answer(RpcWire.Result, static json => json.WriteNullValue(), []);

    /// <summary>Sends a value as the result.</summary>
    public void Return<T>(T value, JsonTypeInfo<T> type) => Answer(RpcWire.Result, json => JsonSerializer.Serialize(json, value, type), []);

    /// <summary>Sends a table or object as the result: a handle, or an object of the plugin.</summary>
    public void ReturnReference(object? value) => AnswerReference(RpcWire.Result, value);

    /// <summary>Sends a list of tables or objects as the result, each a handle or an object of the plugin.</summary>
    public void ReturnReferenceList(IReadOnlyList<object?>? values) => AnswerReferences(RpcWire.Result, values);

    /// <summary>Sends an error.</summary>
    /// <param name="message">The message for the caller.</param>
    /// <param name="status">The gRPC status code, if there is one.</param>
    public void Fail(string message, int? status) => Write(json =>
    {
        json.WriteString(RpcWire.Error, message);
        if (status is { } number)
            json.WriteNumber(RpcWire.Status, number);
    }, []);

    /// <summary>Sends each value as an item. The enumeration runs outside of the object's turns.</summary>
    public void Push<T>(IAsyncEnumerable<T> values, JsonTypeInfo<T> type) =>
        Pushing = PushAsync(values, value => Answer(RpcWire.Item, json => JsonSerializer.Serialize(json, value, type), []));

    /// <summary>Sends each table or object as an item. The enumeration runs outside of the object's turns.</summary>
    public void PushReferences<T>(IAsyncEnumerable<T> values)
        where T : class? => Pushing = PushAsync(values, value => AnswerReference(RpcWire.Item, value));

    /// <summary>Sends each list of tables or objects as an item. The enumeration runs outside of the object's turns.</summary>
    public void PushReferenceLists<T>(IAsyncEnumerable<T> values)
        where T : IReadOnlyList<object?>? => Pushing = PushAsync(values, value => AnswerReferences(RpcWire.Item, value));

    /// <summary>Returns the buffers of the message.</summary>
    public void Dispose() => _message.Dispose();

    // Leaves the object's turn at the first wait, so that a push does not block other calls.
    private async Task PushAsync<T>(IAsyncEnumerable<T> values, Action<T> answer)
    {
        await foreach (var value in values.WithCancellation(Closed).ConfigureAwait(false))
            answer(value);
        Return();
    }

    private T Read<T>(string name, JsonElement value, JsonTypeInfo<T> type)
    {
        try
        {
            return value.Deserialize(type)!;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The parser's message names .NET types and properties, which are unknown to the caller.
            var where = broken is JsonException { Path: { Length: > 1 } path } ? $" (at {path})" : "";
            throw new RpcCallException($"{Method} takes a {typeof(T).Name} as {name}, not {Shown(value)}{where}", broken);
        }
    }

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > LongestShown ? text[..LongestShown] + "..." : text;
    }

    private T? Next<T>()
        where T : class => _nextReference < _references.Count ? _references[_nextReference++] as T : null;

    private RpcCallException NoList<T>(string name) => new(
        $"{Method} takes a list as {name}: an array with an empty string for each element, and for each string {Wanted<T>()}, the next reference of the call");

    private static string Wanted<T>() => typeof(T) == typeof(ITable) ? "a table" : "an object";

    // An empty string is the placeholder of a reference.
    private void AnswerReference(string word, object? value) => Answer(
        word,
        json =>
        {
            if (value is null)
                json.WriteNullValue();
            else
                json.WriteStringValue("");
        },
        value is null ? [] : [value]);

    private void AnswerReferences(string word, IReadOnlyList<object?>? values) => Answer(
        word,
        json =>
        {
            if (values is null)
            {
                json.WriteNullValue();
                return;
            }
            json.WriteStartArray();
            foreach (var value in values)
                if (value is null)
                    json.WriteNullValue();
                else
                    json.WriteStringValue("");
            json.WriteEndArray();
        },
        values is null ? [] : [.. values.Where(value => value is not null)]);

    private void Answer(string word, Action<Utf8JsonWriter> value, IReadOnlyList<object?> references) => Write(json =>
    {
        json.WritePropertyName(word);
        value(json);
    }, references);

    private void Write(Action<Utf8JsonWriter> body, IReadOnlyList<object?> references)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }
        _send(bytes.WrittenMemory, references);
    }
}
