using Microsoft.Extensions.Options;

namespace Wharf.Server.Cluster.Store;

/// <summary>Nodes and their store may be started in any order: until there is a store, the start waits for it.</summary>
internal sealed partial class StoreWait(ClusterStore store, IOptions<MembershipOptions> cluster, TimeProvider time, ILogger<StoreWait> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await store.PrepareAsync(cancellationToken);
                if (!isFirst)
                    LogReached(store.Name, store.Addresses);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // One attempt at a Redis that does not answer takes longer than a short wait: there are two at least.
                if (!store.IsTransient(failure) || (!isFirst && time.GetElapsedTime(start) + Pause > cluster.Value.StoreWait))
                    throw store.Failure(failure);
                if (isFirst)
                    LogWaiting(store.Setting, store.Name, store.Addresses, store.Reason(failure), cluster.Value.StoreWait);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        EventId = 5311, Level = LogLevel.Warning,
        Message = "{Setting}: {Store} at {Addresses} cannot be reached ({Reason}); retrying for up to {Limit}")]
    private partial void LogWaiting(string setting, string store, string addresses, string reason, TimeSpan limit);

    [LoggerMessage(EventId = 5312, Level = LogLevel.Information, Message = "{Store} at {Addresses} is reached; the start goes on")]
    private partial void LogReached(string store, string addresses);
}

/// <summary>Adds the wait for the store.</summary>
internal static class StoreWaitHosting
{
    /// <summary>Adds the store, and the wait for it before anything else starts.</summary>
    public static void AddStoreWait(this IServiceCollection services, ClusterStore store)
    {
        services.AddSingleton(_ => store);
        services.AddHostedService<StoreWait>();
    }
}
