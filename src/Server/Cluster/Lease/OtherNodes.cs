using Orleans.Runtime;
using Wharf.Grains.Nodes;

namespace Wharf.Server.Cluster.Lease;

/// <summary>The other members of the cluster, which can confirm the membership of this node while the store does not answer.</summary>
internal interface IOtherNodes
{
    /// <summary>Whether there are other active members.</summary>
    bool Exist { get; }

    /// <summary>Checks whether another member has this node as an active member.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if one has; false if none has, or none answers.</returns>
    Task<bool> ConfirmAsync(CancellationToken cancellationToken);
}

/// <inheritdoc cref="IOtherNodes"/>
internal sealed class OtherNodes(IClusterMembershipService membership, ILocalSiloDetails local, IGrainFactory grains) : IOtherNodes
{
    public bool Exist => Active().Any();

    public async Task<bool> ConfirmAsync(CancellationToken cancellationToken)
    {
        var answers = Active().Select(silo => AskAsync(silo, cancellationToken)).ToArray();
        await foreach (var answer in Task.WhenEach(answers).WithCancellation(cancellationToken))
            if (await answer)
                return true;
        return false;
    }

    private IEnumerable<SiloAddress> Active() => membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(local.SiloAddress))
        .Select(static member => member.SiloAddress);

    private async Task<bool> AskAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetNode(silo).HasMemberAsync(local.SiloAddress, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception)
        {
            // Another node may answer.
            return false;
        }
    }
}
