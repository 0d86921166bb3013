using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>The client's view of an answer: a result, an error, or one item of a method that pushes. Disposing the answer disposes the references that were not taken.</summary>
public sealed class RpcAnswer : IAsyncDisposable
{
    private readonly Func<FormatException, Exception> _refuse;
    private readonly IReadOnlyList<IServerObject> _references;
    private int _taken;

    private RpcAnswer(JsonElement value, IReadOnlyList<IServerObject> references, Func<FormatException, Exception> refuse) =>
        (Value, _references, _refuse) = (value, references, refuse);

    /// <summary>Whether this is one item of a method that pushes, so that further answers follow.</summary>
    public bool IsItem { get; private init; }

    /// <summary>The error message of the server; null if there is none.</summary>
    public string? Error { get; private init; }

    /// <summary>The gRPC status code of the error, if the answer has one.</summary>
    public int? Status { get; private init; }

    private JsonElement Value { get; }

    /// <summary>Reads an answer.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="references">The objects that were sent with it. The answer owns them, unless it cannot be read.</param>
    /// <param name="refuse">Creates the exception for an answer that does not match the contract, thrown here or when the result is read.</param>
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
            throw refuse(new FormatException("the object's answer is not JSON", broken));
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

    /// <summary>Reads the result as a value. A value of another type fails.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="type">The JSON metadata of the type.</param>
    /// <returns>The value.</returns>
    public T As<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return Value.Deserialize(type)!;
        }
        catch (JsonException broken)
        {
            throw _refuse(new FormatException($"the object's result is not of type {typeof(T).Name}: {broken.Message}", broken));
        }
    }

    /// <summary>Takes the result as a table or object, which the caller then owns. A result of another type fails.</summary>
    /// <typeparam name="T">The required type.</typeparam>
    /// <returns>The next reference, or null if the result is null.</returns>
    public T? Reference<T>()
        where T : class, IServerObject =>
        Value.ValueKind == JsonValueKind.Null && _taken == _references.Count ? null : Take<T>();

    /// <summary>Takes the result as a list of tables or objects, as <see cref="Reference"/>. Its JSON form is an array with an empty string for each, or one empty string for all references.</summary>
    /// <typeparam name="T">The required type of each.</typeparam>
    /// <returns>The references, with the nulls of the array; or null if the result is null.</returns>
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
            _ => throw _refuse(new FormatException("the object's result is not a list of references")),
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
            // The references remain owned by the answer.
            _taken = first;
            throw;
        }
    }

    /// <summary>Disposes the references that were not taken.</summary>
    /// <returns>Completes when they are disposed.</returns>
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
            throw _refuse(new FormatException($"the object's result is a {(type.Length == 0 ? "object without a type" : type)}, not a {typeof(T).Name}"));
        }
        _taken++;
        return reference;
    }

    private static int? StatusOf(JsonElement answer) =>
        answer.TryGetProperty(RpcWire.Status, out var status) && status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var number) && number is > 0 and <= 16 ? number : null;
}
