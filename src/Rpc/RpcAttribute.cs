using System.Diagnostics.CodeAnalysis;

namespace Wharf.Rpc;

/// <summary>
/// Marks a partial interface as the contract of an object type. Clients can call its methods. The generator adds a proxy for clients and a dispatcher for the server at
/// compile time. Methods return a <see cref="Task"/> or <see cref="ValueTask"/>, with or without a value, or an <see cref="IAsyncEnumerable{T}"/>.
/// </summary>
/// <param name="typeName">The object type's name on the wire.</param>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class RpcAttribute(string typeName) : Attribute
{
    /// <summary>The object type's name on the wire.</summary>
    public string TypeName { get; } = typeName;

    /// <summary>Further names that clients may connect with.</summary>
    public string[] Aliases { get; set; } = [];

    /// <summary>
    /// False, the default: the object handles one call at a time, and the calls of a proxy in their order. True: calls run concurrently, and the object synchronizes access to shared state.
    /// </summary>
    public bool IsConcurrent { get; set; }

    /// <summary>
    /// A <see cref="System.Text.Json.Serialization.JsonSerializerContext"/> with the types of parameters and results that are not plain types (strings, numbers, times, and lists of them).
    /// </summary>
    public Type? JsonContext { get; set; }
}

/// <summary>Sets the name of a method or parameter on the wire. The default is the C# name in snake_case, without <c>Async</c>.</summary>
/// <param name="name">The name.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter)]
public sealed class RpcNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

/// <summary>Added by the generator: names the contract class of an interface.</summary>
/// <param name="contract">A class that derives from <see cref="RpcContract{TInterface}"/>.</param>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class RpcContractAttribute([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type contract) : Attribute
{
    /// <summary>The contract class.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type Contract { get; } = contract;
}
