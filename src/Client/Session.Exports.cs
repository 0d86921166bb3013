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

    /// <summary>Allocates the next export id. Ids are never reused within a session.</summary>
    /// <returns>The ticket, under which nothing is exported yet.</returns>
    /// <exception cref="WharfException">The session has no unused id.</exception>
    public ExportTicket NewExport()
    {
        while (true)
        {
            int last = Volatile.Read(ref _lastExport);
            if (last == int.MaxValue)
                throw new WharfException(
                    StatusCode.ResourceExhausted, "the session has no unused export ids", advice: "open a new session");
            if (Interlocked.CompareExchange(ref _lastExport, last + 1, last) == last)
                return new(last + 1);
        }
    }

    /// <summary>Releases an export: one of this client, or one that arrived with a message.</summary>
    /// <param name="export">The export.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when the server has released it.</returns>
    /// <exception cref="WharfException">The server has no such export, or the session has ended.</exception>
    public Task ReleaseAsync(ExportTicket export, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(export);
        return _calls.RunAsync(
            token => _sessions.ReleaseAsync(new() { Id = export.ToWire() }, cancellationToken: token), export, cancellationToken);
    }

    /// <summary>Exports the object or table that a ticket of any kind names, and thereby holds it.</summary>
    /// <param name="source">The ticket.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The export, when it is available.</returns>
    /// <exception cref="WharfException">The ticket names nothing (NOT_FOUND), or a failed export.</exception>
    public async Task<ExportTicket> ExportFromTicketAsync(Ticket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var result = NewExport();
        var request = new ExportRequest { SourceId = source.ToWire(), ResultId = result.ToWire() };
        await _calls.RunAsync(token => _sessions.ExportFromTicketAsync(request, cancellationToken: token), source, cancellationToken)
            .ConfigureAwait(false);
        return result;
    }

    /// <summary>
    /// Exports the object or table that a ticket of any kind names, such as one published by another session, and keeps its type.
    /// </summary>
    /// <param name="source">The ticket, and the type of the object.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The export, with the same type.</returns>
    public async Task<TypedTicket> FetchAsync(TypedTicket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(await ExportFromTicketAsync(source.Ticket, cancellationToken).ConfigureAwait(false), source.Type);
    }

    /// <summary>Creates a random shared ticket, under which nothing is published yet.</summary>
    /// <returns>
    /// The ticket. <see cref="Ticket.Canonical"/> is its text, with its secret, to pass to another program;
    /// <see cref="Ticket.ParseCanonical"/> parses it there.
    /// </returns>
    public static SharedTicket NewSharedTicket() => new(RandomNumberGenerator.GetBytes(SharedIdBytes));

    /// <summary>Reads the one message of an object whose type has no streams (<c>FetchOnlyObjectType</c>).</summary>
    /// <param name="source">The object and the type it must have.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The content, and the referenced objects.</returns>
    /// <exception cref="WharfException">The object does not exist, is of another type, or failed.</exception>
    public async Task<ServerMessage> FetchObjectAsync(TypedTicket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var request = new FetchObjectRequest { SourceId = source.ToWire() };
// Deprecated in favor of streams, but a stream waits for a second message that objects of this kind never send.
#pragma warning disable CS0612
        var response = await _calls.RunAsync(
            token => new ObjectService.ObjectServiceClient(CallInvoker).FetchObjectAsync(request, cancellationToken: token), source.Ticket,
            cancellationToken).ConfigureAwait(false);
#pragma warning restore CS0612
        return new(response.Data.Memory, [.. response.TypedExportIds.Select(TypedTicket.FromWire)]);
    }

    /// <summary>Publishes an object under another ticket, which other sessions can use.</summary>
    /// <param name="source">The object; for a shared ticket, an export of this session.</param>
    /// <param name="target">A shared or scope ticket, or an unused export.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when the object is published.</returns>
    /// <exception cref="WharfException">The source does not exist, or the target is in use.</exception>
    public Task PublishAsync(Ticket source, Ticket target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var request = new PublishRequest { SourceId = source.ToWire(), ResultId = target.ToWire() };
        return _calls.RunAsync(token => _sessions.PublishFromTicketAsync(request, cancellationToken: token), source, cancellationToken);
    }

    /// <summary>Publishes an export under a new random ticket.</summary>
    /// <param name="source">The export.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The ticket, with which other sessions can fetch the object while this session holds the export.</returns>
    public async Task<SharedTicket> PublishAsync(ExportTicket source, CancellationToken cancellationToken = default)
    {
        var target = NewSharedTicket();
        await PublishAsync(source, target, cancellationToken).ConfigureAwait(false);
        return target;
    }

    // An export that cannot be released is already released or ends with the session.
    internal async Task TryReleaseAsync(ExportTicket export)
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
