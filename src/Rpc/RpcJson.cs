using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Wharf.Rpc;

/// <summary>How values are written, without reflection: by a contract's own context, else as the plain types are.</summary>
public sealed class RpcJson
{
    private readonly JsonSerializerOptions _options;

    /// <summary>Makes it.</summary>
    /// <param name="context">The contract's own context, if it has one.</param>
    public RpcJson(JsonSerializerContext? context = null)
    {
        _options = new(context?.Options ?? PlainTypes.Default.Options)
        {
            TypeInfoResolver = context is null ? PlainTypes.Default : JsonTypeInfoResolver.Combine(context, PlainTypes.Default),
        };
        _options.MakeReadOnly();
    }

    /// <summary>How values of a type are written.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The description.</returns>
    public JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));
}

/// <summary>Types that need no context of the contract's own. The generator knows the same ones.</summary>
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
