using System.Reflection;

namespace Wharf.Rpc;

/// <summary>The base class of the contracts that the generator creates for interfaces with <see cref="RpcAttribute"/>.</summary>
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

    /// <summary>Whether calls run concurrently.</summary>
    public abstract bool IsConcurrent { get; }

    /// <summary>Creates a client proxy.</summary>
    /// <param name="caller">The connection to the object.</param>
    /// <returns>The proxy; it derives from <see cref="RpcProxy"/>.</returns>
    public abstract TInterface CreateProxy(RpcCaller caller);

    /// <summary>Calls the method of a call and sends the answer.</summary>
    /// <param name="service">The object that implements the interface.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Passed to the method.</param>
    /// <returns>Completes when the answer is sent, or when a method that pushes has started.</returns>
    public abstract ValueTask InvokeAsync(TInterface service, RpcCall call, CancellationToken cancellationToken);

    private static RpcContract<TInterface> Find() =>
        typeof(TInterface).GetCustomAttribute<RpcContractAttribute>() is { } made
            ? (RpcContract<TInterface>)Activator.CreateInstance(made.Contract)!
            : throw new NotSupportedException($"{typeof(TInterface)} has no contract: declare it as [Rpc(\"TypeName\")] public partial interface");
}
