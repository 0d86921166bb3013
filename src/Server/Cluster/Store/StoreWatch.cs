using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Runtime;

namespace Wharf.Server.Cluster.Store;

/// <summary>Polls the membership table, so that a loss of data is detected before another node starts.</summary>
internal sealed partial class StoreWatch(
    IMembershipTable members, IClusterMembershipService membership, ClusterStore store, StoreState state, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<StoreWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WhenStartedAsync(stoppingToken);
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var read = await members.ReadAllAsync(stoppingToken);
                if (state.Return())
                    LogBack(store.Name, store.Addresses);
                // Orleans reads the table once a minute.
                if (read.Version.Version > membership.CurrentSnapshot.Version.Value)
                    await membership.Refresh(new MembershipVersion(read.Version.Version), stoppingToken);
            }
            catch (Exception) when (state.Loss is not null && !stoppingToken.IsCancellationRequested)
            {
                // The loss is already logged, and the state has the reason.
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                if (state.Leave(store.Reason(failed)))
                    LogAway(store.Setting, store.Name, store.Addresses, store.Reason(failed));
            }
        }
    }

    private async Task WhenStartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    [LoggerMessage(
        EventId = 5331, Level = LogLevel.Warning,
        Message = "{Setting}: {Store} at {Addresses} does not answer ({Reason}); until it answers, no node can join or be declared lost, "
            + "and no name can change")]
    private partial void LogAway(string setting, string store, string addresses, string reason);

    [LoggerMessage(EventId = 5332, Level = LogLevel.Information, Message = "{Store} at {Addresses} answers again")]
    private partial void LogBack(string store, string addresses);
}

/// <summary>Reports a node as not ready if the store has no entry of it: new nodes would not find it.</summary>
internal sealed class StoreReadiness(StoreState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        state.Loss is { } loss ? HealthCheckResult.Unhealthy(loss)
        : state.Absence is { } absence ? HealthCheckResult.Degraded($"the store of the cluster does not answer: {absence}")
        : HealthCheckResult.Healthy());
}

/// <summary>Adds the watch.</summary>
internal static class StoreWatchHosting
{
    /// <summary>Wraps the membership table of the silo and adds the watch.</summary>
    public static void AddStoreWatch(this IServiceCollection services)
    {
        var table = services.Last(static service => service.ServiceType == typeof(IMembershipTable) && !service.IsKeyedService);
        services.Remove(table);
        services.AddSingleton<StoreState>();
        services.AddSingleton<IMembershipTable>(provider => ActivatorUtilities.CreateInstance<RestoredMembers>(provider, Create(provider, table)));
        services.AddHostedService<StoreWatch>();
        services.AddHealthChecks().AddCheck<StoreReadiness>("store", tags: [Health.HealthHosting.Ready]);
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor table) =>
        table.ImplementationFactory?.Invoke(provider) ?? table.ImplementationInstance ?? ActivatorUtilities.CreateInstance(provider, table.ImplementationType!);
}
