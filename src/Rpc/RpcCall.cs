using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>A call as the server reads it and answers it.</summary>
public sealed class RpcCall : IDisposable
{
    private const int LongestShown = 100;

    private readonly JsonDocument _message;
    private readonly IReadOnlyList<IServerObject> _references;
    private readonly Action<ReadOnlyMemory<byte>, IReadOnlyList<object?>> _send;
    private int _nextReference;

    private RpcCall(JsonDocument message, IReadOnlyList<IServerObject> references, Action<ReadOnlyMemory<byte>, IReadOnlyList<object?>> send, CancellationToken closed) =>
        (_message, _references, _send, Closed) = (message, references, send, closed);

    /// <summary>Cancelled when there is nobody to push to any more.</summary>
    public CancellationToken Closed { get; }

    /// <summary>The method's name on the wire; empty when the call names none.</summary>
    public string Method => _message.RootElement.ValueKind == JsonValueKind.Object
        && _message.RootElement.TryGetProperty(RpcWire.Method, out var method) && method.ValueKind == JsonValueKind.String ? method.GetString()! : "";

    /// <summary>Runs until the end of a method that pushes; completed for any other.</summary>
    public Task Pushing { get; private set; } = Task.CompletedTask;

    /// <summary>Reads a call.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="references">The objects that came with it.</param>
    /// <param name="send">Takes an answer and the objects that go with it; may be called later and from any thread.</param>
    /// <param name="closed">Cancelled when the stream that the call came on has ended.</param>
    /// <returns>The call.</returns>
    /// <exception cref="RpcCallException">The message is no JSON.</exception>
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
    /// <exception cref="RpcCallException">It is not there, or of another type.</exception>
    public T Value<T>(string name, JsonTypeInfo<T> type) =>
        _message.RootElement.TryGetProperty(name, out var value) ? Read(name, value, type) : throw new RpcCallException($"{Method} takes a parameter {name}");

    /// <summary>Reads a value that may be left out.</summary>
    /// <exception cref="RpcCallException">It is of another type.</exception>
    public T Value<T>(string name, JsonTypeInfo<T> type, T otherwise) => _message.RootElement.TryGetProperty(name, out var value) ? Read(name, value, type) : otherwise;

    /// <summary>Takes the next table or object.</summary>
    /// <exception cref="RpcCallException">There is none, or it is something else.</exception>
    public T Reference<T>(string name)
        where T : class, IServerObject => OptionalReference<T>(name) ?? throw new RpcCallException($"{Method} takes {Wanted<T>()} as {name}, not null");

    /// <summary>Takes the next table or object, unless the call has null in its place.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="otherwise">Whether it is also null when the call has neither a null nor a reference for it.</param>
    /// <exception cref="RpcCallException">There is none, or it is something else.</exception>
    public T? OptionalReference<T>(string name, bool otherwise = false)
        where T : class, IServerObject
    {
        if (_message.RootElement.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.Null : otherwise && _nextReference == _references.Count)
            return null;
        return Next<T>() ?? throw new RpcCallException($"{Method} takes {Wanted<T>()} as {name}: the next reference that comes with the call");
    }

    /// <summary>Takes a list of tables or objects: as many as the array of this name has empty texts, or all that are left when the call does not name it.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="withNulls">Whether some of them may be null.</param>
    /// <exception cref="RpcCallException">There are too few, one is something else, or null where none may be.</exception>
    public IReadOnlyList<T?> ReferenceList<T>(string name, bool withNulls = false)
        where T : class, IServerObject => OptionalReferenceList<T>(name, withNulls) ?? throw NoList<T>(name);

    /// <summary>Takes a list of tables or objects, unless the call has null in its place.</summary>
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

    /// <summary>Fails the call: nothing has this name.</summary>
    public void Unknown() => throw new RpcCallException(Method.Length == 0 ? "a call is a JSON object with a method" : $"Unknown message type: {Method}");

    /// <summary>Answers without a value.</summary>
    public void Return() => Answer(RpcWire.Result, static json => json.WriteNullValue(), []);

    /// <summary>Answers with a value.</summary>
    public void Return<T>(T value, JsonTypeInfo<T> type) => Answer(RpcWire.Result, json => JsonSerializer.Serialize(json, value, type), []);

    /// <summary>Answers with a table or object: a handle, or one of the plugin's own.</summary>
    public void ReturnReference(object? value) => AnswerReference(RpcWire.Result, value);

    /// <summary>Answers with a list of tables or objects, each a handle or one of the plugin's own.</summary>
    public void ReturnReferenceList(IReadOnlyList<object?>? values) => AnswerReferences(RpcWire.Result, values);

    /// <summary>Answers with an error.</summary>
    /// <param name="message">What the caller reads.</param>
    /// <param name="status">The number of its gRPC status, if it has one.</param>
    public void Fail(string message, int? status) => Write(json =>
    {
        json.WriteString(RpcWire.Error, message);
        if (status is { } number)
            json.WriteNumber(RpcWire.Status, number);
    }, []);

    /// <summary>Answers with values as they come. The enumeration runs beside the object's turns.</summary>
    public void Push<T>(IAsyncEnumerable<T> values, JsonTypeInfo<T> type) =>
        Pushing = PushAsync(values, value => Answer(RpcWire.Item, json => JsonSerializer.Serialize(json, value, type), []));

    /// <summary>Answers with tables or objects as they come. The enumeration runs beside the object's turns.</summary>
    public void PushReferences<T>(IAsyncEnumerable<T> values)
        where T : class? => Pushing = PushAsync(values, value => AnswerReference(RpcWire.Item, value));

    /// <summary>Answers with lists of tables or objects as they come. The enumeration runs beside the object's turns.</summary>
    public void PushReferenceLists<T>(IAsyncEnumerable<T> values)
        where T : IReadOnlyList<object?>? => Pushing = PushAsync(values, value => AnswerReferences(RpcWire.Item, value));

    /// <summary>Lets go of the message.</summary>
    public void Dispose() => _message.Dispose();

    // Off the object's turns from the first wait on: a push that held its turn would hold up everybody else.
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
            // The text of the parser names .NET types and properties, which the caller cannot see.
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
        $"{Method} takes a list as {name}: an array with an empty text for each, and for each text {Wanted<T>()}, the next reference that comes with the call");

    private static string Wanted<T>() => typeof(T) == typeof(ITable) ? "a table" : "an object";

    // The guide's form: an empty text stands for what is in the references.
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
