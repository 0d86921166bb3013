using Microsoft.Extensions.Options;
using Wharf.Server.Start;

namespace Wharf.Server.Cluster.Store;

/// <summary>Delays the start of a node until its store can be reached, so that both may be started in any order.</summary>
internal sealed partial class StoreWait(ClusterStore store, IOptions<MembershipOptions> cluster, TimeProvider time, ILogger<StoreWait> logger)
    : LifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task StartingAsync(CancellationToken cancellationToken)
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
                // There are at least two attempts: one attempt at an unreachable Redis can take longer than the configured wait.
                if (!store.IsTransient(failure) || (!isFirst && time.GetElapsedTime(start) + Pause > cluster.Value.StoreWait))
                    throw store.Failure(failure);
                if (isFirst)
                    LogWaiting(store.Setting, store.Name, store.Addresses, store.Reason(failure), cluster.Value.StoreWait);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    [LoggerMessage(
        EventId = 5311, Level = LogLevel.Warning,
        Message = "{Setting}: {Store} at {Addresses} cannot be reached ({Reason}); retrying for up to {Limit}")]
    private partial void LogWaiting(string setting, string store, string addresses, string reason, TimeSpan limit);

    [LoggerMessage(EventId = 5312, Level = LogLevel.Information, Message = "Connected to {Store} at {Addresses}; the start continues")]
    private partial void LogReached(string store, string addresses);
}

/// <summary>Adds the wait for the store.</summary>
internal static class StoreWaitHosting
{
    /// <summary>Adds the store, and the wait for it before other services start.</summary>
    public static void AddStoreWait(this IServiceCollection services, ClusterStore store)
    {
        services.AddSingleton(_ => store);
        services.AddHostedService<StoreWait>();
    }
}
