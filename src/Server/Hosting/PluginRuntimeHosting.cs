using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Wharf.Grains.Management;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Plugins.Hosting;
using Wharf.Server.Cluster;
using Wharf.Server.Cluster.Ports;
using Wharf.Server.Cluster.Tls;
using Wharf.Server.Stop;

namespace Wharf.Server.Hosting;

/// <summary>Adds a silo with its plugins.</summary>
internal static class PluginRuntimeHosting
{
    // A silo has two caches of addresses. Orleans allocates both for the maximum: 9.3 MB each for its default of a million.
    private const int MaxCachedAddresses = 32 * 1024;

    private static readonly TimeSpan CachedAddressTime = TimeSpan.FromMinutes(1);

    /// <summary>Adds a silo with the grains and the plugins: a member of the configured cluster, or a silo without a cluster.</summary>
    public static void AddPluginRuntime(this WebApplicationBuilder builder, int defaultClientPort)
    {
        var settings = builder.Configuration.GetSection("Wharf");
        builder.Services.AddPlugins(builder.Configuration);
        builder.Services.AddOptions<NodeOptions>().Configure(node => node.ClientPort = defaultClientPort).Bind(settings.GetSection("Node")).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>();
        builder.Services.AddMembershipOptions(builder.Configuration);
        builder.Services.AddHostedService<FlightAddress>();
        var cluster = MembershipOptions.Read(builder.Configuration);
        if (cluster is { IsEnabled: true, Tls.IsEnabled: true })
            builder.Services.AddNodeTls(cluster.Tls);
        builder.UseOrleans(silo =>
        {
            if (cluster.IsEnabled)
            {
                silo.UseCluster(cluster);
                if (cluster.Tls.IsEnabled)
                    builder.UseNodeTls(silo, cluster);
            }
            else
            {
                silo.UseLocalhostClustering();
                silo.Services.AddOptions<EndpointOptions>().Configure<IOptions<NodeOptions>>(ListenForClientsOnly);
            }

            silo.Services.UseExclusivePorts();
            // Each session leaves an address in the cache, which expires when it is not used.
            silo.Services.Configure<GrainDirectoryOptions>(static directory => (directory.CacheSize, directory.MaximumCacheTTL) = (MaxCachedAddresses, CachedAddressTime));
            silo.Services.Configure<GrainCollectionOptions>(collection => collection.DeactivationTimeout = OrderlyStopTimes.Deactivation);
            silo.AddWharfSessions();
            silo.AddWharfObjects();
            silo.AddWharfManagement();
        });
    }

    /// <summary>
    /// Configures a silo without a cluster. Its silo port is only a part of its address and is not opened. Orleans clients connect to the client port, if one is
    /// set.
    /// </summary>
    private static void ListenForClientsOnly(EndpointOptions endpoint, IOptions<NodeOptions> node)
    {
        endpoint.AdvertisedIPAddress = IPAddress.Loopback;
        endpoint.SiloPort = EndpointOptions.DEFAULT_SILO_PORT;
        endpoint.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0);
        node.Value.ListenForClients(endpoint, IPAddress.Loopback);
    }
}
