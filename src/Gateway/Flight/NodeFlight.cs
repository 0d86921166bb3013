using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Serves Flight to other nodes, which read tables of this node and store tables on it.</summary>
internal sealed class NodeFlight(INodeTables tables, GatewayDrain drain, MemoryAccountant memory, IOptions<GatewayOptions> options)
{
    /// <summary>Sends a table of this node.</summary>
    /// <exception cref="FaultException">DATA_LOSS: the table does not exist.</exception>
    public async Task SendAsync(NodeCall call, IServerStreamWriter<FlightFrame> responses, CancellationToken cancellationToken)
    {
        var table = call.ObjectId is { } objectId ? tables.FindHere(objectId) : null;
        await foreach (var frame in TableFrames.ReadAsync(table ?? throw FlightTables.Lost(), cancellationToken))
            await responses.WriteAsync(frame, cancellationToken);
    }

    /// <summary>Stores a table on this node.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT: the upload is not a table. UNAVAILABLE: the node stops.</exception>
    public async Task StoreAsync(
        NodeCall call, IAsyncStreamReader<FlightFrame> requests, IServerStreamWriter<Wire.PutResult> responses, CancellationToken cancellationToken)
    {
        if (drain.HasBegun)
            throw new FaultException(GatewayDrain.Stopping);
        if (call.Holder is not { } holder || !await requests.MoveNext(cancellationToken))
            throw new FaultException(FaultCode.InvalidArgument, "The upload is empty, or its ticket does not store a table");
        memory.RequireRoom();
        using var charge = memory.Open(MemoryUse.Uploads, Holder.PayerOf(holder));
        var table = await TableUploads.ReadAsync(
            requests, requests.Current, () => responses.WriteAsync(new Wire.PutResult(), cancellationToken), options.Value.MaxMessageBytes, charge, cancellationToken);
        charge.Dispose();
        var (objectId, _) = await tables.StoreAsync(table, holder, cancellationToken);
        await responses.WriteAsync(RemoteUploads.Stored(objectId), cancellationToken);
    }
}
