using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Wharf.Grains.Nodes;
using Wharf.Server.Cluster.Store;
using Wharf.Server.Stop;

namespace Wharf.Server.Cluster.Lease;

/// <summary>
/// Renews the membership lease by each read of the membership table. While the store does not answer, no node can be declared lost: then the lease is renewed by the answer of
/// another node or, on the only node, as long as the node was not silent itself. A lease that has run out is renewed only by a read of the table.
/// </summary>
internal sealed partial class LeaseKeeper(
    MembershipLease lease, IMembershipTable table, IOtherNodes others, ILocalSiloDetails local, IHostApplicationLifetime lifetime,
    IOptions<HostOptions> host, TimeProvider time, ILogger<LeaseKeeper> logger)
    : BackgroundService
{
    /// <summary>The time after which an announced loss that no node completes is withdrawn.</summary>
    internal static readonly TimeSpan AnnouncementLimit = 3 * MembershipLease.Duration;

    private static readonly TimeSpan Period = MembershipLease.Duration / 8;
    private static readonly TimeSpan StoreIsLate = MembershipLease.Duration / 2;

    private long _read;
    private long _announced;
    private Task _asking = Task.CompletedTask;

    /// <summary>Renews or ends the lease by a membership table that was read.</summary>
    /// <param name="since">The timestamp before the read.</param>
    /// <param name="read">The table.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public async Task AcceptAsync(long since, MembershipTableData read, CancellationToken cancellationToken)
    {
        _read = since;
        if (read.TryGet(local.SiloAddress) is not { } own)
            return;
        if (own.Item1.Status == SiloStatus.Dead)
        {
            if (!lifetime.ApplicationStopping.IsCancellationRequested && !lease.IsLost)
            {
                LogLost(local.SiloAddress);
                lease.Lose();
            }
        }
        else if (!AnnouncedLoss.IsAnnounced(own.Item1))
        {
            _announced = 0;
            Renew(since);
        }
        else if (_announced == 0)
        {
            _announced = since;
            LogAnnounced(local.SiloAddress);
        }
        else if (time.GetElapsedTime(_announced, since) > AnnouncementLimit)
        {
            since = time.GetTimestamp();
            if (await table.UpdateRowAsync(AnnouncedLoss.Withdraw(own.Item1), own.Item2, read.Version.Next(), cancellationToken))
                Renew(since);
        }
    }

    /// <summary>Renews the lease without the store, if the store is late.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    internal void Tick(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        // After a silence only the table shows whether the node was declared lost.
        if (!lease.IsKept || !lease.IsHeldAt(now) || time.GetElapsedTime(_read, now) < StoreIsLate)
            return;
        if (!others.Exist)
            lease.Renew(now);
        else if (_asking.IsCompleted)
            _asking = AskAsync(now, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var lost = lease.Lost.Register(Stop);
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Tick(stoppingToken);
    }

    private void Stop()
    {
        host.Value.ShutdownTimeout = OrderlyStopTimes.Lost;
        lifetime.StopApplication();
    }

    private async Task AskAsync(long now, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MembershipLease.Duration, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (await others.ConfirmAsync(either.Token))
                lease.Renew(now);
        }
        catch (OperationCanceledException)
        {
            // No node has answered; the next tick tries again.
        }
    }

    private void Renew(long since)
    {
        var wasSilent = lease.IsKept && !lease.IsHeld && !lease.IsLost;
        lease.Renew(since);
        if (wasSilent && lease.IsHeld)
            LogContinues(local.SiloAddress, MembershipLease.Duration);
    }

    [LoggerMessage(
        EventId = 5131, Level = LogLevel.Error,
        Message = "The other nodes have declared this node, {Silo}, lost and replace its objects; it answers UNAVAILABLE and stops. Restart it to join the cluster again")]
    private partial void LogLost(SiloAddress silo);

    [LoggerMessage(EventId = 5132, Level = LogLevel.Warning, Message = "Another node is about to declare this node, {Silo}, lost; calls wait until this is decided")]
    private partial void LogAnnounced(SiloAddress silo);

    [LoggerMessage(
        EventId = 5133, Level = LogLevel.Warning,
        Message = "This node, {Silo}, was silent for more than {Limit}, and calls waited; the store has it as a member of the cluster, and it continues")]
    private partial void LogContinues(SiloAddress silo, TimeSpan limit);
}
