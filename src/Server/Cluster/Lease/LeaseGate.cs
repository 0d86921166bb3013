using Wharf.Grains.Nodes;
using Wharf.Plugins.Hosting;

namespace Wharf.Server.Cluster.Lease;

/// <summary>Runs turns of plugin objects only while the node holds its membership lease.</summary>
internal sealed class LeaseGate(MembershipLease lease) : TurnGate
{
    public override bool IsOpenAt(long timestamp) => lease.IsHeldAt(timestamp);

    public override ValueTask<bool> WhenDecidedAsync(CancellationToken cancellationToken) => lease.WhenDecidedAsync(cancellationToken);
}
