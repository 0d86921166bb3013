using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OrleansEndpointOptions = Orleans.Configuration.EndpointOptions;

namespace Wharf.Server.Cluster.Ports;

/// <summary>Opens the ports of a silo: one for other silos only if the node has a cluster, and one for Orleans clients if it is set.</summary>
internal sealed class SiloPorts(ExclusivePorts ports, IOptions<MembershipOptions> cluster, IOptions<OrleansEndpointOptions> silo) : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        !cluster.Value.IsEnabled && endpoint.Equals(silo.Value.SiloListeningEndpoint)
            ? ValueTask.FromResult<IConnectionListener>(new ClosedPort(endpoint))
            : ports.BindAsync(endpoint, cancellationToken);
}

/// <summary>A listener that opens no port and accepts no connection: other silos do not connect to a silo without a cluster, and its own messages need no connection.</summary>
internal sealed class ClosedPort(EndPoint endpoint) : IConnectionListener
{
    private readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndPoint EndPoint => endpoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.Task.WaitAsync(cancellationToken);
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync(CancellationToken.None);
}
