using System.Security.Cryptography;
using Grpc.Core;
using Wharf.Protocol;

namespace Wharf.Client;

public sealed partial class Session
{
    private const int SharedIdBytes = 16;

    private int _lastExport;

    /// <summary>Takes the next export id. Ids are never used twice within a session.</summary>
    /// <returns>The ticket; nothing is exported under it yet.</returns>
    /// <exception cref="WharfException">All ids of the session are used up.</exception>
    public ExportTicket NewExport()
    {
        while (true)
        {
            int last = Volatile.Read(ref _lastExport);
            if (last == int.MaxValue)
                throw new WharfException("the session has used up its export ids; open a new one");
            if (Interlocked.CompareExchange(ref _lastExport, last + 1, last) == last)
                return new(last + 1);
        }
    }

    /// <summary>Gives an export up: one's own, or one that came with a message.</summary>
    /// <param name="export">The export.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When the server has released it.</returns>
    public async Task ReleaseAsync(ExportTicket export, CancellationToken cancellationToken = default) =>
        await _sessions.ReleaseAsync(new() { Id = export.ToWire() }, cancellationToken: cancellationToken).ConfigureAwait(false);

    /// <summary>Exports what a ticket of any kind names, and so holds it.</summary>
    /// <param name="source">The ticket.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The export, once it is there.</returns>
    public async Task<ExportTicket> ExportFromTicketAsync(Ticket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var result = NewExport();
        await _sessions.ExportFromTicketAsync(new() { SourceId = source.ToWire(), ResultId = result.ToWire() }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Exports what another session published, or any other ticket, and keeps its type.</summary>
    /// <param name="source">The ticket and the type of what it names.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The export, with the same type.</returns>
    public async Task<TypedTicket> FetchAsync(TypedTicket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(await ExportFromTicketAsync(source.Ticket, cancellationToken).ConfigureAwait(false), source.Type);
    }

    /// <summary>Gives an object another name, which other sessions may use.</summary>
    /// <param name="source">The object; for a shared ticket, an export of this session.</param>
    /// <param name="target">A shared or scope ticket, or an unused export.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When it is published.</returns>
    public async Task PublishAsync(Ticket source, Ticket target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        await _sessions.PublishFromTicketAsync(new() { SourceId = source.ToWire(), ResultId = target.ToWire() }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes an export under a new ticket that nobody can guess.</summary>
    /// <param name="source">The export.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The ticket: whoever has it can fetch the object while this session and its export live.</returns>
    public async Task<SharedTicket> PublishAsync(ExportTicket source, CancellationToken cancellationToken = default)
    {
        var target = new SharedTicket(RandomNumberGenerator.GetBytes(SharedIdBytes));
        await PublishAsync(source, target, cancellationToken).ConfigureAwait(false);
        return target;
    }

    // What cannot be released is gone or goes with the session.
    internal async Task ReleaseQuietlyAsync(ExportTicket export)
    {
        try
        {
            if (!Ended.IsCancellationRequested)
                await ReleaseAsync(export, Ended).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is RpcException or ObjectDisposedException or OperationCanceledException)
        {
            // See above.
        }
    }
}
