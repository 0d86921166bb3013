using Wharf.Rpc;

namespace Wharf.Client;

/// <summary>An object whose methods can be called, held by an export of the session. Disposing of it ends its calls and releases the export.</summary>
/// <typeparam name="TInterface">The object's contract.</typeparam>
public sealed class RpcClient<TInterface> : IAsyncDisposable
    where TInterface : class
{
    private readonly RemoteCaller _caller;

    internal RpcClient(RemoteCaller caller)
    {
        _caller = caller;
        Service = RpcContract<TInterface>.Instance.CreateProxy(caller);
    }

    /// <summary>The object: a call of a method is a call of the object's. May be called from many threads. What comes as a table is a <see cref="Table"/>, to be disposed of.</summary>
    public TInterface Service { get; }

    /// <summary>The object, to be published or handed on as a parameter.</summary>
    public RemoteObject Target => (RemoteObject)_caller.Target;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _caller.DisposeAsync();
}

public sealed partial class Session
{
    /// <summary>Opens an object for calls of its methods.</summary>
    /// <typeparam name="TInterface">Its contract: a partial interface with <see cref="RpcAttribute"/>.</typeparam>
    /// <param name="name">A variable's name, or <c>app/{application}/field/{name}</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object, held until disposed.</returns>
    /// <exception cref="WharfException">There is no such object (NOT_FOUND), or it is of another type.</exception>
    public Task<RpcClient<TInterface>> OpenAsync<TInterface>(string name, CancellationToken cancellationToken = default)
        where TInterface : class
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return OpenAsync<TInterface>(new TypedTicket(ExportableObjects.TicketOf(name), ""), cancellationToken);
    }

    /// <summary>Opens an object for calls of its methods.</summary>
    /// <typeparam name="TInterface">Its contract: a partial interface with <see cref="RpcAttribute"/>.</typeparam>
    /// <param name="source">The object, by a ticket of any kind; without a type, the contract's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object, held until disposed.</returns>
    /// <exception cref="WharfException">There is no such object (NOT_FOUND), or it is of another type.</exception>
    public async Task<RpcClient<TInterface>> OpenAsync<TInterface>(TypedTicket source, CancellationToken cancellationToken = default)
        where TInterface : class
    {
        ArgumentNullException.ThrowIfNull(source);
        var contract = RpcContract<TInterface>.Instance;

        // An export of its own, so that every stream leads to the same object, whatever becomes of the name.
        var export = await ExportFromTicketAsync(source.Ticket, cancellationToken).ConfigureAwait(false);
        var target = new TypedTicket(export, source.Type.Length == 0 ? contract.TypeName : source.Type);
        var caller = new RemoteCaller(this, new RemoteObject(this, target), contract.IsConcurrent);
        try
        {
            await caller.OpenAsync(cancellationToken).ConfigureAwait(false);
            return new(caller);
        }
        catch
        {
            await caller.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
