using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>The bytes of tables where tables live: those of this node are at hand, uploads stay here.</summary>
internal sealed class LocalTableBytes(INodeTables tables, RemoteTables remote, IOptions<GatewayOptions> options) : ITableBytes
{
    public ValueTask<IAsyncEnumerable<FlightFrame>?> OpenAsync(string objectId, CancellationToken cancellationToken) => tables.BelongsHere(objectId)
        ? ValueTask.FromResult(tables.FindHere(objectId) is { } table ? TableFrames.ReadAsync(table, cancellationToken) : null)
        : remote.OpenAsync(objectId, cancellationToken);

    public async Task<ObjectReference> StoreAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, string holder, CancellationToken cancellationToken)
    {
        var table = await TableUploads.ReadAsync(frames, first, acknowledge, options.Value.MaxMessageBytes, cancellationToken);
        var (objectId, epoch) = await tables.StoreAsync(table, holder, cancellationToken);
        return new ObjectReference(objectId, ObjectKind.Table, ObjectReference.TableType, epoch);
    }
}
