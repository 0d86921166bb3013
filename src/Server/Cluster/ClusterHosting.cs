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

/// <summary>Configures a silo as a member of a cluster.</summary>
internal static class ClusterHosting
{
    /// <summary>The timeout of grain calls. Callers repeat calls that take longer than <see cref="Grains.GrainLimits.LongestWait"/>.</summary>
    internal static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Adds the options and their validation.</summary>
    public static void AddMembershipOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MembershipOptions>().Bind(configuration.GetSection(MembershipOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MembershipOptions>, MembershipOptionsValidator>();
    }

    /// <summary>Adds membership, grain storage, and a grain directory that drops only the grains of a lost node.</summary>
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
#pragma warning disable ORLEANSEXP003 // After the loss of a node, the older directory also drops grains on other nodes: their sessions would end.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = cluster.ProbeTimeout;
            membership.NumMissedProbesLimit = cluster.MissedProbes;
            // A connection that received data within this time counts as a sign of health, regardless of probes. A frozen node is not detected before it has passed.
            membership.MaxProbeTimeout = 2 * cluster.ProbeTimeout;
            // With two nodes, one cannot outvote the other: it also waits until the other's heartbeat in the store is stale. So does a node that starts after all nodes were lost.
            membership.IAmAliveTablePublishTimeout = cluster.ProbeTimeout;
        });
        silo.Configure<GrainDirectoryOptions>(directory =>
            // The directory subtracts the time of the detection. The rest covers the time in which a node that was declared lost may not have detected it yet.
            directory.RangeLeaseDuration = 3 * cluster.MissedProbes * cluster.ProbeTimeout);
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = CallTimeout;
            messaging.SystemResponseTimeout = CallTimeout;
        });
        silo.Services.AddOptions<Orleans.Configuration.EndpointOptions>().Configure<IOptions<MembershipOptions>, IOptions<NodeOptions>>(Listen);
        silo.AddLostNodeDetector();
        silo.AddLease();
        silo.Services.AddHostedService<MemberLog>();
    }

    // Listens on one address only: loopback, unless the operator configures another one and trusts its network.
    private static void Listen(Orleans.Configuration.EndpointOptions endpoint, IOptions<MembershipOptions> membership, IOptions<NodeOptions> node)
    {
        var address = AdvertisedAddress.Of(membership.Value);
        endpoint.AdvertisedIPAddress = address;
        endpoint.SiloPort = membership.Value.SiloPort;
        endpoint.SiloListeningEndpoint = new IPEndPoint(address, membership.Value.SiloPort);
        node.Value.ListenForClients(endpoint, address);
    }
}
