using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Wharf.Grains.Nodes;
using Wharf.Server.Cluster.Tls;
using Wharf.Server.Start;

namespace Wharf.Server.Cluster;

/// <summary>Says where other nodes read this node's tables, once the port is open: it may be one that the system chose.</summary>
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
