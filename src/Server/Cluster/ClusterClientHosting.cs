using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Wharf.Gateway.Nodes;
using Wharf.Grains;
using Wharf.Server.Cluster.Postgres;
using Wharf.Server.Cluster.Redis;
using Wharf.Server.Cluster.Store;
using Wharf.Server.Cluster.Tls;

namespace Wharf.Server.Cluster;

/// <summary>Connects a process that is no member of the cluster to its silos.</summary>
internal static class ClusterClientHosting
{
    /// <summary>How soon a silo is found that has come, or has come back.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(2);

    /// <summary>Adds the way to the cluster that the settings name.</summary>
    public static void AddClusterClient(this WebApplicationBuilder builder)
    {
        builder.Services.AddMembershipOptions(builder.Configuration);
        var cluster = MembershipOptions.Read(builder.Configuration);
        if (cluster.Tls.IsEnabled)
            builder.Services.AddNodeTls(cluster.Tls);
        builder.UseOrleansClient(client =>
        {
            client.Services.CacheGrainInterfaceNames();
            client.Configure<ClusterOptions>(names => names.ClusterId = names.ServiceId = cluster.Id);
            var store = ClusterStore.Of(cluster);
            if (store is RedisStore redis)
                client.UseRedis(redis);
            else
                client.UsePostgres((PostgresStore)store);
            client.Services.AddStoreWait(store);
            client.Configure<Orleans.Configuration.GatewayOptions>(silos => silos.GatewayListRefreshPeriod = Refresh);
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ClusterHosting.CallTimeout);
            client.Services.AddSingleton<FirstConnection>();
            client.UseConnectionRetryFilter<FirstConnection>();
            client.Configure<ClientConnectionOptions>(static connections => connections.ConfigureConnection(Watch));
            if (cluster.Tls.IsEnabled)
                client.UseNodeTls();
        });
    }

    // When a connection ends its silo may be gone: another one is asked at once.
    private static void Watch(Microsoft.AspNetCore.Connections.IConnectionBuilder connections)
    {
        var services = connections.ApplicationServices;
        connections.Use(next => async context =>
        {
            try
            {
                await next(context);
            }
            finally
            {
                services.GetService<NodeWatch>()?.PollNow();
            }
        });
    }
}

/// <summary>Gateways and silos may be started in any order: until there is a silo, a gateway waits for one.</summary>
internal sealed partial class FirstConnection(TimeProvider time, ILogger<FirstConnection> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private bool _isTold;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        // A store that cannot be reached is a matter for the operator.
        if (exception is not (Orleans.Runtime.SiloUnavailableException or Orleans.Runtime.OrleansException or TimeoutException))
            return false;
        if (!_isTold)
            LogWaiting();
        _isTold = true;
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(EventId = 5301, Level = LogLevel.Warning, Message = "There is no silo to connect to yet; waiting for one")]
    private partial void LogWaiting();
}
