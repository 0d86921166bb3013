using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Runtime;
using Wharf.Grains.Nodes;
using Wharf.Server.Cluster.Lease;

namespace Wharf.Server.Cluster.Store;

/// <summary>Polls the membership table, so that a loss of data is detected before another node starts, and renews the membership lease.</summary>
internal sealed partial class StoreWatch(
    RestoringMembershipTable members, IClusterMembershipService membership, ClusterStore store, StoreState state, LeaseKeeper keeper, MembershipLease lease,
    AnnouncedLosses losses, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StoreWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = MembershipLease.Duration / 4;
    private static readonly TimeSpan SilentPeriod = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WhenStartedAsync(stoppingToken);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await ReadAsync(stoppingToken);
            // Calls wait for the next read, so a node without its lease polls faster.
            timer.Period = lease.IsHeld || lease.IsLost ? Period : SilentPeriod;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        var since = time.GetTimestamp();
        try
        {
            var read = await members.ReadStoreAsync(stoppingToken);
            losses.Replace(read.Members.Select(static member => member.Item1)
                .Where(static entry => entry.Status != SiloStatus.Dead && AnnouncedLoss.IsAnnounced(entry))
                .Select(static entry => entry.SiloAddress));
            await keeper.AcceptAsync(since, read, stoppingToken);
            if (state.Reconnect())
                LogBack(store.Name, store.Addresses);
            // Orleans reads the table once a minute.
            if (read.Version.Version > membership.CurrentSnapshot.Version.Value)
                await membership.Refresh(new MembershipVersion(read.Version.Version), stoppingToken);
        }
        catch (Exception) when (state.Loss is not null && !stoppingToken.IsCancellationRequested)
        {
            // The loss is already logged, and the state contains the reason.
        }
        catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
        {
            if (state.Disconnect(store.Reason(failed)))
                LogAway(store.Setting, store.Name, store.Addresses, store.Reason(failed));
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

/// <summary>Reports a node as not ready if the store has no entry of it, since new nodes would not find it, and while it may not answer.</summary>
internal sealed class StoreReadiness(StoreState state, MembershipLease lease) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lease.IsLost ? HealthCheckResult.Unhealthy("the node was declared lost")
        : !lease.IsHeld ? HealthCheckResult.Unhealthy("the store has not confirmed that the node is a member of the cluster")
        : state.Loss is { } loss ? HealthCheckResult.Unhealthy(loss)
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
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RestoringMembershipTable>(provider, Create(provider, table)));
        services.AddSingleton<IMembershipTable>(static provider => provider.GetRequiredService<RestoringMembershipTable>());
        services.AddHostedService<StoreWatch>();
        services.AddHealthChecks().AddCheck<StoreReadiness>("store", tags: [Health.HealthHosting.Ready]);
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor table) =>
        table.ImplementationFactory?.Invoke(provider) ?? table.ImplementationInstance ?? ActivatorUtilities.CreateInstance(provider, table.ImplementationType!);
}
