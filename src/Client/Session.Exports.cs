using System.Security.Cryptography;
using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Ticket = Wharf.Protocol.Ticket;

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
                throw new WharfException(StatusCode.ResourceExhausted, "the session has used up its export ids", advice: "open a new session");
            if (Interlocked.CompareExchange(ref _lastExport, last + 1, last) == last)
                return new(last + 1);
        }
    }

    /// <summary>Gives an export up: one's own, or one that came with a message.</summary>
    /// <param name="export">The export.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When the server has released it.</returns>
    /// <exception cref="WharfException">The server knows no such export, or the session has ended.</exception>
    public Task ReleaseAsync(ExportTicket export, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(export);
        return _calls.RunAsync(token => _sessions.ReleaseAsync(new() { Id = export.ToWire() }, cancellationToken: token), export, cancellationToken);
    }

    /// <summary>Exports what a ticket of any kind names, and so holds it.</summary>
    /// <param name="source">The ticket.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The export, once it is there.</returns>
    /// <exception cref="WharfException">Nothing has this name (NOT_FOUND), or what it names failed.</exception>
    public async Task<ExportTicket> ExportFromTicketAsync(Ticket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var result = NewExport();
        var request = new ExportRequest { SourceId = source.ToWire(), ResultId = result.ToWire() };
        await _calls.RunAsync(token => _sessions.ExportFromTicketAsync(request, cancellationToken: token), source, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Makes up a shared ticket that nobody can guess; nothing is published under it yet.</summary>
    /// <returns>The ticket. <see cref="Ticket.Canonical"/> is its text, with its secret, to hand to another program; <see cref="Ticket.ParseCanonical"/> reads it there.</returns>
    public static SharedTicket NewSharedTicket() => new(RandomNumberGenerator.GetBytes(SharedIdBytes));

    /// <summary>Reads the one message of an object whose type has no conversation (<c>FetchOnlyObjectType</c>).</summary>
    /// <param name="source">The object and the type it must have.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What it says, and the objects that go along.</returns>
    /// <exception cref="WharfException">The object is not there, is of another type, or failed.</exception>
    public async Task<ServerMessage> FetchObjectAsync(TypedTicket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var request = new FetchObjectRequest { SourceId = source.ToWire() };
#pragma warning disable CS0612 // Deprecated in favour of streams, which wait for a second message that objects of this kind never send.
        var response = await _calls.RunAsync(
            token => new ObjectService.ObjectServiceClient(CallInvoker).FetchObjectAsync(request, cancellationToken: token), source.Ticket, cancellationToken).ConfigureAwait(false);
#pragma warning restore CS0612
        return new(response.Data.Memory, [.. response.TypedExportIds.Select(TypedTicket.FromWire)]);
    }

    /// <summary>Gives an object another name, which other sessions may use.</summary>
    /// <param name="source">The object; for a shared ticket, an export of this session.</param>
    /// <param name="target">A shared or scope ticket, or an unused export.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When it is published.</returns>
    /// <exception cref="WharfException">The source is not there, or the target is taken.</exception>
    public Task PublishAsync(Ticket source, Ticket target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var request = new PublishRequest { SourceId = source.ToWire(), ResultId = target.ToWire() };
        return _calls.RunAsync(token => _sessions.PublishFromTicketAsync(request, cancellationToken: token), source, cancellationToken);
    }

    /// <summary>Publishes an export under a new ticket that nobody can guess.</summary>
    /// <param name="source">The export.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The ticket: whoever has it can fetch the object while this session and its export live.</returns>
    public async Task<SharedTicket> PublishAsync(ExportTicket source, CancellationToken cancellationToken = default)
    {
        var target = NewSharedTicket();
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
