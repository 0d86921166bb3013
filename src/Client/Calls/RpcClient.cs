using Wharf.Rpc;

namespace Wharf.Client;

/// <summary>
/// A client of an object with a contract, held by an export of the session. Disposing it ends its calls and releases the export.
/// </summary>
/// <typeparam name="TInterface">The contract of the object.</typeparam>
public sealed class RpcClient<TInterface> : IAsyncDisposable
    where TInterface : class
{
    private readonly RemoteCaller _caller;

    internal RpcClient(RemoteCaller caller)
    {
        _caller = caller;
        Service = RpcContract<TInterface>.Instance.CreateProxy(caller);
    }

    /// <summary>
    /// The object: each method of the proxy calls that method of the object. Thread-safe. A returned table is a <see cref="Table"/>, which
    /// the caller disposes.
    /// </summary>
    public TInterface Service { get; }

    /// <summary>The object, to publish it or to pass it as a parameter.</summary>
    public RemoteObject Target => (RemoteObject)_caller.Target;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _caller.DisposeAsync();
}

public sealed partial class Session
{
    /// <summary>Opens an object for calls of its methods.</summary>
    /// <typeparam name="TInterface">The contract: a partial interface with <see cref="RpcAttribute"/>.</typeparam>
    /// <param name="name">The name of a variable, or <c>app/{application}/field/{name}</c>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, held until it is disposed.</returns>
    /// <exception cref="WharfException">The object does not exist (NOT_FOUND), or is of another type.</exception>
    public Task<RpcClient<TInterface>> OpenAsync<TInterface>(string name, CancellationToken cancellationToken = default)
        where TInterface : class
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return OpenAsync<TInterface>(new TypedTicket(ExportableObjects.TicketOf(name), ""), cancellationToken);
    }

    /// <summary>Opens an object for calls of its methods.</summary>
    /// <typeparam name="TInterface">The contract: a partial interface with <see cref="RpcAttribute"/>.</typeparam>
    /// <param name="source">A ticket of the object, of any kind; if its type is empty, the type of the contract is used.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, held until it is disposed.</returns>
    /// <exception cref="WharfException">The object does not exist (NOT_FOUND), or is of another type.</exception>
    public async Task<RpcClient<TInterface>> OpenAsync<TInterface>(TypedTicket source, CancellationToken cancellationToken = default)
        where TInterface : class
    {
        ArgumentNullException.ThrowIfNull(source);
        var contract = RpcContract<TInterface>.Instance;

        // A separate export, so that every stream connects to the same object, even if the name is reassigned.
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
