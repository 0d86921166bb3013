using System.Diagnostics.CodeAnalysis;

namespace Wharf.Rpc;

/// <summary>
/// Makes a partial interface the contract of an object type: its methods are what clients can call. At compile time the interface gets a proxy for clients and a
/// dispatcher for the server. Methods return a <see cref="Task"/> or <see cref="ValueTask"/>, with or without a value, or an <see cref="IAsyncEnumerable{T}"/>.
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
    /// False, the default: the object serves one call at a time and a proxy's calls in their order. True: calls run side by side, and the object guards what they share.
    /// </summary>
    public bool IsConcurrent { get; set; }

    /// <summary>
    /// A <see cref="System.Text.Json.Serialization.JsonSerializerContext"/> with every type of a parameter or result that is not a plain one (texts, numbers, times, and lists of them).
    /// </summary>
    public Type? JsonContext { get; set; }
}

/// <summary>Names a method or parameter on the wire; without it the name is the C# name in snake_case, without <c>Async</c>.</summary>
/// <param name="name">The name.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter)]
public sealed class RpcNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

/// <summary>Written by the generator: where an interface's contract is.</summary>
/// <param name="contract">A class that derives from <see cref="RpcContract{TInterface}"/>.</param>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class RpcContractAttribute([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type contract) : Attribute
{
    /// <summary>The class.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type Contract { get; } = contract;
}
