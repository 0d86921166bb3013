using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Wharf.Server.Cluster.Lease;
using Wharf.Server.Cluster.Members;
using Wharf.Server.Cluster.Postgres;
using Wharf.Server.Cluster.Redis;
using Wharf.Server.Cluster.Store;
using Wharf.Server.Hosting;

namespace Wharf.Server.Cluster;

/// <summary>Makes a silo a member of a cluster.</summary>
internal static class ClusterHosting
{
    /// <summary>No call between grains lasts longer: callers renew what takes longer than <see cref="Grains.GrainLimits.LongestWait"/>.</summary>
    internal static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Adds the settings, and what is wrong with them.</summary>
    public static void AddMembershipOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MembershipOptions>().Bind(configuration.GetSection(MembershipOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MembershipOptions>, MembershipOptionsValidator>();
    }

    /// <summary>Adds membership, what outlives a node, and a directory of grains that loses none but those of a lost node.</summary>
    public static void UseCluster(this ISiloBuilder silo, MembershipOptions cluster)
    {
        silo.Configure<ClusterOptions>(names => names.ClusterId = names.ServiceId = cluster.Id);
        var store = ClusterStore.Of(cluster);
        if (store is RedisStore redis)
            silo.UseRedis(redis);
        else
            silo.UsePostgres((PostgresStore)store);
        silo.Services.AddStoreWait(store);
        silo.Services.AddStoreWatch();
#pragma warning disable ORLEANSEXP003 // The older directory forgets, with a lost node, also grains that live elsewhere: sessions of the other nodes would end.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = cluster.ProbeTimeout;
            membership.NumMissedProbesLimit = cluster.MissedProbes;
            // A connection on which something came in this long ago speaks for the node, whatever its probes do: that is how long a node may stay frozen at the least.
            membership.MaxProbeTimeout = 2 * cluster.ProbeTimeout;
            // Of two nodes one alone cannot outvote the other: it waits until that one has not been heard of in the store either. So does a node that comes back after all were lost.
            membership.IAmAliveTablePublishTimeout = cluster.ProbeTimeout;
        });
        silo.Configure<GrainDirectoryOptions>(directory =>
            // The directory takes off the time that it took to notice; what is left is the time in which a node that was declared lost may still not know it.
            directory.RangeLeaseDuration = 3 * cluster.MissedProbes * cluster.ProbeTimeout);
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = CallTimeout;
            messaging.SystemResponseTimeout = CallTimeout;
        });
        silo.Services.AddOptions<Orleans.Configuration.EndpointOptions>().Configure<IOptions<MembershipOptions>, IOptions<NodeOptions>>(Listen);
        silo.AddLostNodes();
        silo.AddLease();
        silo.Services.AddHostedService<MemberLog>();
    }

    // Only the one address is listened on: loopback, unless the operator names one and says that the network around it may be trusted.
    private static void Listen(Orleans.Configuration.EndpointOptions endpoint, IOptions<MembershipOptions> membership, IOptions<NodeOptions> node)
    {
        var address = AdvertisedAddress.Of(membership.Value);
        endpoint.AdvertisedIPAddress = address;
        endpoint.SiloPort = membership.Value.SiloPort;
        endpoint.SiloListeningEndpoint = new IPEndPoint(address, membership.Value.SiloPort);
        node.Value.ListenForClients(endpoint, address);
    }
}
