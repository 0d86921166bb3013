using Wharf.Plugins;
using Wharf.Protocol;

namespace Wharf.Client;

/// <summary>
/// An object on the server that arrived with a reply, held by an export of the session. Disposing it releases the export.
/// </summary>
public sealed class RemoteObject : IServerObject
{
    private readonly Session _session;
    private readonly ExportTicket? _own;
    private bool _isDisposed;

    internal RemoteObject(Session session, TypedTicket reference)
    {
        _session = session;
        Reference = reference;
        _own = reference.Ticket as ExportTicket;
    }

    /// <summary>A reference to the object, to connect to it, fetch it, publish it, or send it in a message.</summary>
    public TypedTicket Reference { get; }

    /// <inheritdoc/>
    public string Id => Reference.Ticket.Canonical;

    /// <inheritdoc/>
    public string Type => Reference.Type;

    /// <inheritdoc/>
    public async ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new RemoteObject(_session, await _session.FetchAsync(Reference, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() =>
        _own is null || Interlocked.Exchange(ref _isDisposed, true) ? ValueTask.CompletedTask : new(_session.TryReleaseAsync(_own));

    /// <summary>Releases references that the caller did not request.</summary>
    internal static async Task ReleaseAsync(Session session, IReadOnlyList<TypedTicket> references)
    {
        foreach (var reference in references)
            await new RemoteObject(session, reference).DisposeAsync().ConfigureAwait(false);
    }

    internal static TypedTicket ReferenceOf(IServerObject value)
    {
        switch (value)
        {
            case Table table:
                table.ThrowIfDisposed();
                return table.Reference;
            case RemoteObject other:
                other.ThrowIfDisposed();
                return other.Reference;
            default:
                throw new ArgumentException($"{value.GetType().Name} is not a table or an object of this client", nameof(value));
        }
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
            throw new ObjectDisposedException(nameof(RemoteObject), $"the object {Reference.Ticket} is disposed; its export is released");
    }
}
