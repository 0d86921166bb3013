using Grpc.Core;
using Wharf.Gateway.Nodes;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>Reads and stores tables on a gateway without a silo: it forwards frames from and to other nodes without buffering the table.</summary>
internal sealed class RemoteTableBytes(RemoteTables remote, RemoteUploads uploads, LiveNodes nodes, MemoryAccountant memory) : ITableBytes
{
    public ValueTask<IAsyncEnumerable<FlightFrame>?> OpenAsync(string objectId, CancellationToken cancellationToken) => remote.OpenAsync(objectId, cancellationToken);

    public async Task<ObjectReference> StoreAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, string holder, CancellationToken cancellationToken)
    {
        memory.RequireRoom();
        // Counts the upload only; the other node charges for its bytes.
        using var charge = memory.Open(MemoryUse.Uploads, Holder.PayerOf(holder));
        var node = nodes.Take() ?? throw new FaultException(FaultCode.Unavailable, "No node can store tables now; try again");
        return await uploads.StoreAsync(node, frames, first, acknowledge, holder, cancellationToken);
    }
}
