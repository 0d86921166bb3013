using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>Writes a call: <c>{"method": ..., parameter: value}</c>, and the tables and objects among its parameters in their order.</summary>
public sealed class RpcRequest
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private readonly Utf8JsonWriter _json;
    private List<IServerObject>? _references;

    /// <summary>Starts a call.</summary>
    /// <param name="method">The name of the method on the wire.</param>
    public RpcRequest(string method)
    {
        _json = new(_bytes);
        _json.WriteStartObject();
        _json.WriteString(RpcWire.Method, method);
    }

    /// <summary>The objects to send with the call.</summary>
    public IReadOnlyList<IServerObject> References => _references ?? [];

    /// <summary>Writes a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">The name of the parameter on the wire.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">The JSON metadata of the type.</param>
    public void Value<T>(string name, T value, JsonTypeInfo<T> type)
    {
        _json.WritePropertyName(name);
        JsonSerializer.Serialize(_json, value, type);
    }

    /// <summary>Adds a table or object. Only null is written to the JSON text.</summary>
    /// <param name="name">The name of the parameter on the wire.</param>
    /// <param name="value">The table or object, or null.</param>
    public void Reference(string name, IServerObject? value)
    {
        if (value is null)
            _json.WriteNull(name);
        else
            (_references ??= []).Add(value);
    }

    /// <summary>Adds a list of tables or objects. It is written as an array with an empty string for each, or null for a null element.</summary>
    /// <param name="name">The name of the parameter on the wire.</param>
    /// <param name="values">The tables or objects, or null.</param>
    public void ReferenceList(string name, IReadOnlyList<IServerObject?>? values)
    {
        if (values is null)
        {
            _json.WriteNull(name);
            return;
        }
        _json.WriteStartArray(name);
        foreach (var value in values)
        {
            if (value is null)
            {
                _json.WriteNullValue();
                continue;
            }
            _json.WriteStringValue("");
            (_references ??= []).Add(value);
        }
        _json.WriteEndArray();
    }

    /// <summary>Completes the call.</summary>
    /// <returns>The bytes of the message.</returns>
    public ReadOnlyMemory<byte> ToBytes()
    {
        _json.WriteEndObject();
        _json.Dispose();
        return _bytes.WrittenMemory;
    }
}
