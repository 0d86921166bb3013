using Orleans.Concurrency;
using Orleans.Runtime;

namespace Wharf.Grains.Nodes;

/// <summary>Returns the nodes in the view of this node.</summary>
[GrainType("wharf.nodes")]
[StatelessWorker(1)]
[Reentrant]
internal sealed class NodesGrain(IClusterMembershipService membership, TimeProvider time) : Grain, INodesGrain
{
    /// <inheritdoc/>
    public async Task<NodeList> WatchAsync(long version, CancellationToken cancellationToken = default)
    {
        if (membership.CurrentSnapshot.Version.Value <= version)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await LongPoll.CompletesAsync(ChangeAsync(version, over.Token), GrainLimits.LongestWait, time, cancellationToken);
            await over.CancelAsync();
        }

        return Read(membership.CurrentSnapshot);
    }

    private async Task ChangeAsync(long version, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
            {
                if (snapshot.Version.Value > version)
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // The call has returned.
        }
    }

    private static NodeList Read(ClusterMembershipSnapshot snapshot) => new(
        snapshot.Version.Value,
        [.. snapshot.Members.Values.Where(static member => member.Status == SiloStatus.Active).Select(static member => member.SiloAddress)],
        [.. snapshot.Members.Values.Where(static member => member.Status is SiloStatus.ShuttingDown or SiloStatus.Stopping).Select(static member => member.SiloAddress)]);
}
