using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Wharf.Gateway.Nodes;
using Wharf.Grains;
using Wharf.Server.Cluster.Postgres;
using Wharf.Server.Cluster.Redis;
using Wharf.Server.Cluster.Store;
using Wharf.Server.Cluster.Tls;

namespace Wharf.Server.Cluster;

/// <summary>Connects a gateway without a silo to the silos of the cluster.</summary>
internal static class ClusterClientHosting
{
    /// <summary>The interval at which new and restarted silos are detected.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(2);

    /// <summary>Adds the Orleans client of the configured cluster.</summary>
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

    // The silo of a closed connection may have failed, so another silo is polled at once.
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

/// <summary>Retries the first connection until a silo is available, so that gateways and silos may be started in any order.</summary>
internal sealed partial class FirstConnection(TimeProvider time, ILogger<FirstConnection> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private bool _isLogged;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        // Other failures, such as an unreachable store, end the start with an error.
        if (exception is not (Orleans.Runtime.SiloUnavailableException or Orleans.Runtime.OrleansException or TimeoutException))
            return false;
        if (!_isLogged)
            LogWaiting();
        _isLogged = true;
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(EventId = 5141, Level = LogLevel.Warning, Message = "No silo is available; retrying until one is")]
    private partial void LogWaiting();
}
