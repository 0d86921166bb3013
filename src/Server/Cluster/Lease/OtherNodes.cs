using Orleans.Runtime;
using Wharf.Grains.Nodes;

namespace Wharf.Server.Cluster.Lease;

/// <summary>The other members of the cluster, which can confirm that this node is one while the store does not answer.</summary>
internal interface IOtherNodes
{
    /// <summary>Whether there are any.</summary>
    bool Exist { get; }

    /// <summary>Asks whether any of them has this node as an active member.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>False also if none answers.</returns>
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
            // A node that does not answer confirms nothing; another may.
            return false;
        }
    }
}
