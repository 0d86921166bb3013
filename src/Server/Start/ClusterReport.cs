using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Wharf.Server.Cluster;
using Wharf.Server.Cluster.Store;

namespace Wharf.Server.Start;

/// <summary>The lines of the start report about the cluster: its id, its store, the addresses of this node and the members.</summary>
internal sealed class ClusterReport(
    IOptions<MembershipOptions> cluster, IOptions<EndpointOptions> endpoint, ClusterStore? store = null, IClusterMembershipService? membership = null)
{
    /// <summary>Returns the lines, each as a name and a text; none outside of a cluster.</summary>
    public IEnumerable<(string Name, string Text)> Lines()
    {
        if (store is null)
            yield break;
        yield return ("cluster", cluster.Value.Id);
        yield return ("store", $"{store.Name} at {store.Addresses}");
        if (membership is null)
            yield break;
        var silo = $"{MembershipOptions.Section}:{nameof(MembershipOptions.SiloPort)}";
        yield return ("nodes", $"{endpoint.Value.SiloListeningEndpoint}   (the port for other nodes, {silo})");
        if (endpoint.Value.GatewayListeningEndpoint is { } clients)
            yield return ("gateways", $"{clients}   (the port for gateways without a silo, Wharf:Node:ClientPort)");
        var members = membership.CurrentSnapshot.Members.Values.Where(static member => member.Status == SiloStatus.Active)
            .Select(static member => member.SiloAddress.Endpoint.ToString()).Order(StringComparer.Ordinal).ToList();
        yield return ("members", $"{members.Count}: {string.Join(", ", members)}");
    }
}
