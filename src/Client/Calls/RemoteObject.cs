using Wharf.Plugins;
using Wharf.Protocol;

namespace Wharf.Client;

/// <summary>An object on the server that came with an answer, held by an export of the session. Disposing of it releases the export.</summary>
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

    /// <summary>What to connect to, fetch, publish, or send along with a message.</summary>
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
        _own is null || Interlocked.Exchange(ref _isDisposed, true) ? ValueTask.CompletedTask : new(_session.ReleaseQuietlyAsync(_own));

    /// <summary>Gives up what came with a message and was not asked for.</summary>
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
                throw new ArgumentException($"{value.GetType().Name} is no table or object of this client", nameof(value));
        }
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
            throw new ObjectDisposedException(nameof(RemoteObject), $"the object {Reference.Ticket} is disposed; its export is released");
    }
}
