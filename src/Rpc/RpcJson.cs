using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Wharf.Rpc;

/// <summary>The JSON serialization of values without reflection: by the context of the contract or the context of the plain types.</summary>
public sealed class RpcJson
{
    private readonly JsonSerializerOptions _options;

    /// <summary>Creates the serialization of a contract.</summary>
    /// <param name="context">The context of the contract, if it has one.</param>
    public RpcJson(JsonSerializerContext? context = null)
    {
        _options = new(context?.Options ?? PlainTypes.Default.Options)
        {
            TypeInfoResolver = context is null ? PlainTypes.Default : JsonTypeInfoResolver.Combine(context, PlainTypes.Default),
        };
        _options.MakeReadOnly();
    }

    /// <summary>Returns the JSON metadata of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The metadata.</returns>
    public JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));
}

/// <summary>The types that need no context of the contract. The generator has the same list.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(byte))]
[JsonSerializable(typeof(short))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(float))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(DateTime))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(TimeSpan))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(double?))]
[JsonSerializable(typeof(DateTimeOffset?))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<int>))]
[JsonSerializable(typeof(IReadOnlyList<long>))]
[JsonSerializable(typeof(IReadOnlyList<double>))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class PlainTypes : JsonSerializerContext;
