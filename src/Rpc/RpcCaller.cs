using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Wharf.Plugins;

namespace Wharf.Rpc;

/// <summary>The way from a proxy to its object: sends calls and brings their answers.</summary>
public abstract class RpcCaller : IAsyncDisposable
{
    /// <summary>The object, to be handed on.</summary>
    public abstract IServerObject Target { get; }

    /// <summary>Makes a call and waits for its answer.</summary>
    /// <param name="request">The call.</param>
    /// <param name="takesReferences">Whether tables or objects are expected; if not, those that come are given up at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, never an error: that is thrown.</returns>
    public abstract Task<RpcAnswer> CallAsync(RpcRequest request, bool takesReferences, CancellationToken cancellationToken);

    /// <summary>Makes a call whose method pushes.</summary>
    /// <param name="request">The call.</param>
    /// <param name="takesReferences">As in <see cref="CallAsync"/>.</param>
    /// <param name="cancellationToken">Gives up, and tells the method.</param>
    /// <returns>Its values as they come, never an error: that is thrown.</returns>
    public abstract IAsyncEnumerable<RpcAnswer> StreamAsync(RpcRequest request, bool takesReferences, CancellationToken cancellationToken);

    /// <summary>The way to an object that came with an answer.</summary>
    /// <param name="target">The object.</param>
    /// <param name="isConcurrent">Whether the object's calls run side by side.</param>
    /// <returns>The way, which owns the object from now on.</returns>
    public abstract RpcCaller To(IServerObject target, bool isConcurrent);

    /// <summary>Gives the object up; calls that are under way fail.</summary>
    /// <returns>When it is given up.</returns>
    public abstract ValueTask DisposeAsync();
}

/// <summary>What every generated proxy derives from.</summary>
/// <param name="caller">The way to the object.</param>
public abstract class RpcProxy(RpcCaller caller) : IAsyncDisposable
{
    /// <summary>The object, to be handed on as a parameter of another call.</summary>
    public IServerObject Target => caller.Target;

    /// <summary>Gives the object up; calls that are under way fail.</summary>
    /// <returns>When it is given up.</returns>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return caller.DisposeAsync();
    }

    /// <summary>Makes a call without a result.</summary>
    protected Task CallAsync(RpcRequest request, CancellationToken cancellationToken) => caller.CallAsync(request, takesReferences: false, cancellationToken);

    /// <summary>Makes a call with a value as its result.</summary>
    protected async Task<T> CallAsync<T>(RpcRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        (await caller.CallAsync(request, takesReferences: false, cancellationToken).ConfigureAwait(false)).As(type);

    /// <summary>Makes a call with a table or object as its result.</summary>
    protected async Task<T?> CallForReferenceAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class, IServerObject
    {
        var answer = await caller.CallAsync(request, takesReferences: true, cancellationToken).ConfigureAwait(false);
        await using (answer.ConfigureAwait(false))
            return answer.Reference<T>();
    }

    /// <summary>Makes a call with a list of tables or objects as its result.</summary>
    protected async Task<IReadOnlyList<T?>?> CallForReferencesAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class, IServerObject
    {
        var answer = await caller.CallAsync(request, takesReferences: true, cancellationToken).ConfigureAwait(false);
        await using (answer.ConfigureAwait(false))
            return answer.ReferenceList<T>();
    }

    /// <summary>Makes a call with an object as its result that has a contract of its own.</summary>
    protected async Task<T?> CallForProxyAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class => ProxyOf<T>(await CallForReferenceAsync<IServerObject>(request, cancellationToken).ConfigureAwait(false));

    /// <summary>Makes a call with a list of objects as its result that have a contract of their own.</summary>
    protected async Task<IReadOnlyList<T?>?> CallForProxiesAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class => ProxiesOf<T>(await CallForReferencesAsync<IServerObject>(request, cancellationToken).ConfigureAwait(false));

    /// <summary>Makes a call that pushes values.</summary>
    protected async IAsyncEnumerable<T> StreamAsync<T>(RpcRequest request, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var answer in caller.StreamAsync(request, takesReferences: false, cancellationToken).ConfigureAwait(false))
            yield return answer.As(type);
    }

    /// <summary>Makes a call that pushes tables or objects.</summary>
    protected IAsyncEnumerable<T?> StreamReferencesAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class, IServerObject => StreamAsync(request, static answer => answer.Reference<T>(), cancellationToken);

    /// <summary>Makes a call that pushes lists of tables or objects.</summary>
    protected IAsyncEnumerable<IReadOnlyList<T?>?> StreamReferenceListsAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class, IServerObject => StreamAsync(request, static answer => answer.ReferenceList<T>(), cancellationToken);

    /// <summary>Makes a call that pushes objects that have a contract of their own.</summary>
    protected IAsyncEnumerable<T?> StreamProxiesAsync<T>(RpcRequest request, CancellationToken cancellationToken)
        where T : class => StreamAsync(request, answer => ProxyOf<T>(answer.Reference<IServerObject>()), cancellationToken);

    /// <summary>Makes a call that pushes lists of objects that have a contract of their own.</summary>
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
