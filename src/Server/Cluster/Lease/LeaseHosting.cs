using Orleans.Runtime;
using Wharf.Gateway.Nodes;
using Wharf.Grains.Nodes;
using Wharf.Plugins.Hosting;

namespace Wharf.Server.Cluster.Lease;

/// <summary>Adds the membership lease to a node of a cluster.</summary>
internal static class LeaseHosting
{
    /// <summary>Adds the lease, its renewal, and the services that wait for it.</summary>
    public static void AddLease(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<MembershipLease>();
        silo.Services.AddSingleton<TurnGate, LeaseGate>();
        silo.Services.AddSingleton<IOtherNodes, OtherNodes>();
        silo.Services.AddSingleton<LeaseKeeper>();
        silo.Services.AddHostedService(static provider => provider.GetRequiredService<LeaseKeeper>());
        silo.Services.AddSingleton<IFatalErrorHandler, SiloFailure>();
        silo.Services.AddLeasedCalls();
        silo.AddLeasedConnections();
    }
}
