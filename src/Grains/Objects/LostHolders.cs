using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Wharf.Grains.Nodes;
using Wharf.Grains.Sessions;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Objects;

/// <summary>
/// Releases the holds of lost sessions and nodes, which cannot release them: when a node has left the cluster, and every minute for holds that arrived later. A
/// session is lost if no node of the cluster has it. The nodes are called themselves, not the grain directory, which may be recovering. If a node does not
/// answer, no session is considered lost, and the check is repeated.
/// </summary>
internal sealed partial class LostHolders(
    LiveObjects objects,
    TableStore tables,
    LocalSessions sessions,
    NodeIdentity node,
    IClusterMembershipService membership,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<LostHolders> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private volatile TaskCompletionSource _nodeLost = NewSignal();

    private IEnumerable<HeldObject> Held => objects.All.Concat<HeldObject>(tables.All);

    /// <summary>Checks all holders once.</summary>
    /// <returns>Whether the state of each holder could be determined. Lost holders are released.</returns>
    public async Task<bool> ReviewAsync(CancellationToken cancellationToken)
    {
        var owners = new HolderOwners();
        foreach (var held in Held)
            held.ForEachHolder(owners.AddOwnerOf);
        owners.Sessions.RemoveWhere(sessions.Has);
        owners.Nodes.Remove(node.Silo.ToParsableString());
        if (owners.IsEmpty)
            return true;

        // An owner of a hold was a member earlier. If it is absent from a snapshot taken after this point, it is lost.
        await membership.Refresh(cancellationToken: cancellationToken).ConfigureAwait(false);
        var members = membership.CurrentSnapshot.Members.Values.Where(static member => member.Status is not (SiloStatus.None or SiloStatus.Dead)).ToList();
        foreach (var member in members)
            owners.Nodes.Remove(member.SiloAddress.ToParsableString());
        var homes = members
            .Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping && !member.SiloAddress.Equals(node.Silo))
            .Select(static member => member.SiloAddress);
        var allAnswered = await ExceptActiveAsync(owners.Sessions, homes, cancellationToken).ConfigureAwait(false);
        if (!allAnswered)
            owners.Sessions.Clear();
        Release(owners);
        return allAnswered;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watching = WatchAsync(stoppingToken);
        try
        {
            while (true)
            {
                var lost = _nodeLost = NewSignal();
                var pause = await TryReviewAsync(stoppingToken).ConfigureAwait(false) ? Period : Pause;
                await LongPoll.CompletesAsync(lost.Task, pause, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await watching.ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> TryReviewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReviewAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            LogReviewFailed(failed);
            return false;
        }
    }

    private async Task<bool> ExceptActiveAsync(HashSet<string> sessionIds, IEnumerable<SiloAddress> homes, CancellationToken cancellationToken)
    {
        foreach (var home in homes)
        {
            try
            {
                foreach (var some in sessionIds.Chunk(INodeGrain.MostSessions))
                    sessionIds.ExceptWith(await grains.GetNode(home).FindSessionsAsync([.. some], cancellationToken).ConfigureAwait(false));
            }
            catch (Exception silent) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotAnswered(silent, home);
                return false;
            }
        }

        return true;
    }

    private void Release(HolderOwners lost)
    {
        if (lost.IsEmpty)
            return;
        var count = 0;
        foreach (var held in Held)
            count += held.ReleaseLost(lost.ContainsOwnerOf);
        if (count > 0)
            LogReleased(count, lost.Sessions.Count, lost.Nodes.Count);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var before = ImmutableHashSet<SiloAddress>.Empty;
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                var now = snapshot.Members.Values.Where(static member => member.Status != SiloStatus.Dead).Select(static member => member.SiloAddress).ToImmutableHashSet();
                if (!before.IsSubsetOf(now))
                    _nodeLost.TrySetResult();
                before = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The node is shutting down.
        }
    }

    [LoggerMessage(EventId = 2104, Level = LogLevel.Information, Message = "Released {Holds} holds of {Sessions} lost sessions and {Nodes} lost nodes")]
    private partial void LogReleased(int holds, int sessions, int nodes);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Debug, Message = "Node {Node} did not report its sessions; retrying")]
    private partial void LogNotAnswered(Exception exception, SiloAddress node);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Debug, Message = "Failed to check the holders of objects; retrying")]
    private partial void LogReviewFailed(Exception exception);
}
