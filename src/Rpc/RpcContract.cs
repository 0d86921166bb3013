using System.Reflection;

namespace Wharf.Rpc;

/// <summary>What the generator makes of an interface with <see cref="RpcAttribute"/>. Nobody else derives from it.</summary>
/// <typeparam name="TInterface">The interface.</typeparam>
public abstract class RpcContract<TInterface>
    where TInterface : class
{
    /// <summary>The contract of the interface.</summary>
    /// <exception cref="NotSupportedException">The interface has none: it lacks <see cref="RpcAttribute"/>, or was compiled without the generator.</exception>
    public static RpcContract<TInterface> Instance { get; } = Find();

    /// <summary>The object type's name on the wire.</summary>
    public abstract string TypeName { get; }

    /// <summary>Further names that clients may connect with.</summary>
    public abstract IReadOnlyList<string> Aliases { get; }

    /// <summary>Whether calls run side by side.</summary>
    public abstract bool IsConcurrent { get; }

    /// <summary>Makes what a client calls.</summary>
    /// <param name="caller">The way to the object.</param>
    /// <returns>The proxy; it derives from <see cref="RpcProxy"/>.</returns>
    public abstract TInterface CreateProxy(RpcCaller caller);

    /// <summary>Calls the method that a message names and answers.</summary>
    /// <param name="service">The object.</param>
    /// <param name="call">The message.</param>
    /// <param name="cancellationToken">Handed to the method.</param>
    /// <returns>Completes when the answer is given; a method that pushes has begun then.</returns>
    public abstract ValueTask InvokeAsync(TInterface service, RpcCall call, CancellationToken cancellationToken);

    private static RpcContract<TInterface> Find() =>
        typeof(TInterface).GetCustomAttribute<RpcContractAttribute>() is { } made
            ? (RpcContract<TInterface>)Activator.CreateInstance(made.Contract)!
            : throw new NotSupportedException($"{typeof(TInterface)} has no contract: declare it as [Rpc(\"TypeName\")] public partial interface");
}
