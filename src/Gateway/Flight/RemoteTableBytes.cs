using Grpc.Core;
using Wharf.Gateway.Nodes;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>The bytes of tables where no table lives: they pass through, from a node and to one, and are never all here.</summary>
internal sealed class RemoteTableBytes(RemoteTables remote, RemoteUploads uploads, LiveNodes nodes, MemoryAccountant memory) : ITableBytes
{
    public ValueTask<IAsyncEnumerable<FlightFrame>?> OpenAsync(string objectId, CancellationToken cancellationToken) => remote.OpenAsync(objectId, cancellationToken);

    public async Task<ObjectReference> StoreAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, string holder, CancellationToken cancellationToken)
    {
        memory.RequireRoom();
        // It counts the uploads; their bytes are the other node's.
        using var charge = memory.Open(MemoryUse.Uploads, Holder.PayerOf(holder));
        var node = nodes.Take() ?? throw new FaultException(FaultCode.Unavailable, "No node takes tables now");
        return await uploads.StoreAsync(node, frames, first, acknowledge, holder, cancellationToken);
    }
}
