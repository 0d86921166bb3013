using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>A call as it is written: <c>{"method": ..., parameter: value}</c>, and the tables and objects among its parameters in their order.</summary>
public sealed class RpcRequest
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private readonly Utf8JsonWriter _json;
    private List<IServerObject>? _references;

    /// <summary>Begins a call.</summary>
    /// <param name="method">The method's name on the wire.</param>
    public RpcRequest(string method)
    {
        _json = new(_bytes);
        _json.WriteStartObject();
        _json.WriteString(RpcWire.Method, method);
    }

    /// <summary>The objects that go along.</summary>
    public IReadOnlyList<IServerObject> References => _references ?? [];

    /// <summary>Writes a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">The parameter's name on the wire.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is written.</param>
    public void Value<T>(string name, T value, JsonTypeInfo<T> type)
    {
        _json.WritePropertyName(name);
        JsonSerializer.Serialize(_json, value, type);
    }

    /// <summary>Adds a table or object. It does not show among the values, unless it is null.</summary>
    /// <param name="name">The parameter's name on the wire.</param>
    /// <param name="value">The table or object, or null.</param>
    public void Reference(string name, IServerObject? value)
    {
        if (value is null)
            _json.WriteNull(name);
        else
            (_references ??= []).Add(value);
    }

    /// <summary>Adds a list of tables or objects. It shows as an array with an empty text for each, and with null where the list has it.</summary>
    /// <param name="name">The parameter's name on the wire.</param>
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

    /// <summary>Ends the call.</summary>
    /// <returns>Its bytes.</returns>
    public ReadOnlyMemory<byte> ToBytes()
    {
        _json.WriteEndObject();
        _json.Dispose();
        return _bytes.WrittenMemory;
    }
}
