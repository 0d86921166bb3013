using Grpc.Core;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Nodes;

/// <summary>Writes to a client only while the node holds its membership lease.</summary>
internal sealed class LeasedWriter<T>(IServerStreamWriter<T> writer, MembershipLease lease) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => writer.WriteOptions;
        set => writer.WriteOptions = value;
    }

    public Task WriteAsync(T message) => lease.IsHeld ? writer.WriteAsync(message) : WriteLaterAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken) =>
        lease.IsHeld ? writer.WriteAsync(message, cancellationToken) : WriteLaterAsync(message, cancellationToken);

    private async Task WriteLaterAsync(T message, CancellationToken cancellationToken)
    {
        await lease.RequireAsync(cancellationToken);
        await writer.WriteAsync(message, cancellationToken);
    }
}
