using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Wharf.Grains.Nodes;
using Wharf.Server.Cluster.Tls;
using Wharf.Server.Start;

namespace Wharf.Server.Cluster;

/// <summary>Publishes the address at which other nodes read the tables of this node. The port is known after it was opened, because it may be 0.</summary>
internal sealed class FlightAddress(NodeAddress address, IOptions<MembershipOptions> cluster, IServer server, NodeEndpoint? forNodes = null) : LifecycleService
{
    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        address.Flight = forNodes?.Address ?? OpenPort();
        return Task.CompletedTask;
    }

    private Uri OpenPort()
    {
        var bound = BindingAddress.Parse(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return new UriBuilder(bound.Scheme, AdvertisedAddress.Of(cluster.Value).ToString(), bound.Port).Uri;
    }
}
