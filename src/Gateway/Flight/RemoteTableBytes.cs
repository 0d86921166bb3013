using Grpc.Core;
using Wharf.Gateway.Nodes;
using Wharf.Grains;
using Wharf.Grains.Objects;

namespace Wharf.Gateway.Flight;

/// <summary>The bytes of tables where no table lives: they pass through, from a node and to one, and are never all here.</summary>
internal sealed class RemoteTableBytes(RemoteTables remote, RemoteUploads uploads, LiveNodes nodes) : ITableBytes
{
    public ValueTask<IAsyncEnumerable<FlightFrame>?> OpenAsync(string objectId, CancellationToken cancellationToken) => remote.OpenAsync(objectId, cancellationToken);

    public Task<ObjectReference> StoreAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, string holder, CancellationToken cancellationToken) =>
        uploads.StoreAsync(nodes.Take() ?? throw new FaultException(FaultCode.Unavailable, "No node takes tables now"), frames, first, acknowledge, holder, cancellationToken);
}
