using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>Reads and stores tables on a node with a silo: it reads the node's own tables directly, and stores uploads on the node.</summary>
internal sealed class LocalTableBytes(INodeTables tables, RemoteTables remote, MemoryAccountant memory, IOptions<GatewayOptions> options) : ITableBytes
{
    public ValueTask<IAsyncEnumerable<FlightFrame>?> OpenAsync(string objectId, CancellationToken cancellationToken) => tables.BelongsHere(objectId)
        ? ValueTask.FromResult(tables.FindHere(objectId) is { } table ? TableFrames.ReadAsync(table, cancellationToken) : null)
        : remote.OpenAsync(objectId, cancellationToken);

    public async Task<ObjectReference> StoreAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, string holder, CancellationToken cancellationToken)
    {
        memory.RequireRoom();
        using var charge = memory.Open(MemoryUse.Uploads, Holder.PayerOf(holder));
        var table = await TableUploads.ReadAsync(frames, first, acknowledge, options.Value.MaxMessageBytes, charge, cancellationToken);
        // The store opens its own charge for the table.
        charge.Dispose();
        var (objectId, epoch) = await tables.StoreAsync(table, holder, cancellationToken);
        return new ObjectReference(objectId, ObjectKind.Table, ObjectReference.TableType, epoch);
    }
}
