using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>The connection of a proxy to its object: sends calls and receives their answers.</summary>
public abstract class RpcCaller : IAsyncDisposable
{
    /// <summary>The object, for use as a reference.</summary>
    public abstract IServerObject Target { get; }

    /// <summary>Sends a call and waits for its answer.</summary>
    /// <param name="request">The call.</param>
    /// <param name="takesReferences">Whether the answer may have references; if not, any references are disposed at once.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The answer. An error is thrown as an exception.</returns>
    public abstract Task<RpcAnswer> CallAsync(RpcRequest request, bool takesReferences, CancellationToken cancellationToken);

    /// <summary>Sends a call of a method that pushes.</summary>
    /// <param name="request">The call.</param>
    /// <param name="takesReferences">As in <see cref="CallAsync"/>.</param>
    /// <param name="cancellationToken">Ends the enumeration and cancels the method.</param>
    /// <returns>The items. An error is thrown as an exception.</returns>
    public abstract IAsyncEnumerable<RpcAnswer> StreamAsync(RpcRequest request, bool takesReferences, CancellationToken cancellationToken);

    /// <summary>Creates a connection to an object that was sent with an answer.</summary>
    /// <param name="target">The object.</param>
    /// <param name="isConcurrent">Whether the object's calls run concurrently.</param>
    /// <returns>The connection, which then owns the object.</returns>
    public abstract RpcCaller To(IServerObject target, bool isConcurrent);

    /// <summary>Releases the object. Calls in flight fail.</summary>
    /// <returns>Completes when it is released.</returns>
    public abstract ValueTask DisposeAsync();
}

/// <summary>The base class of the generated proxies.</summary>
/// <param name="caller">The connection to the object.</param>
public abstract class RpcProxy(RpcCaller caller) : IAsyncDisposable
{
    /// <summary>The object, for use as a parameter of another call.</summary>
    public IServerObject Target => caller.Target;

    /// <summary>Releases the object. Calls in flight fail.</summary>
    /// <returns>Completes when it is released.</returns>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return caller.DisposeAsync();
    }

    /// <summary>Sends a call without a result.</summary>
    protected Task CallAsync(RpcRequest request, CancellationToken cancellationToken) => caller.CallAsync(request, takesReferences: false, cancellationToken);

    /// <summary>Sends a call whose result is a value.</summary>
    protected async Task<T> CallAsync<T>(RpcRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        (await caller.CallAsync(request, takesReferences: false, cancellationToken).ConfigureAwait(false)).As(type);

    /// <summary>Sends a call whose result is a table or object.</summary>
    protected async Task<T?> CallForReferenceAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class, IServerObject
    {
        var answer = await caller.CallAsync(request, takesReferences: true, cancellationToken).ConfigureAwait(false);
        await using (answer.ConfigureAwait(false))
            return answer.Reference<T>();
    }

    /// <summary>Sends a call whose result is a list of tables or objects.</summary>
    protected async Task<IReadOnlyList<T?>?> CallForReferencesAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class, IServerObject
    {
        var answer = await caller.CallAsync(request, takesReferences: true, cancellationToken).ConfigureAwait(false);
        await using (answer.ConfigureAwait(false))
            return answer.ReferenceList<T>();
    }

    /// <summary>Sends a call whose result is an object with a contract.</summary>
    protected async Task<T?> CallForProxyAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class => ProxyOf<T>(await CallForReferenceAsync<IServerObject>(request, cancellationToken).ConfigureAwait(false));

    /// <summary>Sends a call whose result is a list of objects with a contract.</summary>
    protected async Task<IReadOnlyList<T?>?> CallForProxiesAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class => ProxiesOf<T>(await CallForReferencesAsync<IServerObject>(request, cancellationToken).ConfigureAwait(false));

    /// <summary>Sends a call of a method that pushes values.</summary>
    protected async IAsyncEnumerable<T> StreamAsync<T>(RpcRequest request, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var answer in caller.StreamAsync(request, takesReferences: false, cancellationToken).ConfigureAwait(false))
            yield return answer.As(type);
    }

    /// <summary>Sends a call of a method that pushes tables or objects.</summary>
    protected IAsyncEnumerable<T?> StreamReferencesAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class, IServerObject => StreamAsync(request, static answer => answer.Reference<T>(), cancellationToken);

    /// <summary>Sends a call of a method that pushes lists of tables or objects.</summary>
    protected IAsyncEnumerable<IReadOnlyList<T?>?> StreamReferenceListsAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class, IServerObject => StreamAsync(request, static answer => answer.ReferenceList<T>(), cancellationToken);

    /// <summary>Sends a call of a method that pushes objects with a contract.</summary>
    protected IAsyncEnumerable<T?> StreamProxiesAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class => StreamAsync(request, answer => ProxyOf<T>(answer.Reference<IServerObject>()), cancellationToken);

    /// <summary>Sends a call of a method that pushes lists of objects with a contract.</summary>
    protected IAsyncEnumerable<IReadOnlyList<T?>?> StreamProxyListsAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class => StreamAsync(request, answer => ProxiesOf<T>(answer.ReferenceList<IServerObject>()), cancellationToken);

    private async IAsyncEnumerable<T> StreamAsync<T>(RpcRequest request, Func<RpcAnswer, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var answer in caller.StreamAsync(request, takesReferences: true, cancellationToken).ConfigureAwait(false))
        {
            T result;
            await using (answer.ConfigureAwait(false))
                result = read(answer);
            yield return result;
        }
    }

    private T? ProxyOf<T>(IServerObject? target)
        where T : class => target is null ? null : RpcContract<T>.Instance.CreateProxy(caller.To(target, RpcContract<T>.Instance.IsConcurrent));

    private T?[]? ProxiesOf<T>(IReadOnlyList<IServerObject?>? targets)
        where T : class => targets is null ? null : [.. targets.Select(ProxyOf<T>)];
}
