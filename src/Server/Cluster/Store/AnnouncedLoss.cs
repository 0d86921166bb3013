using Orleans.Runtime;
using Wharf.Grains.Nodes;

namespace Wharf.Server.Cluster.Store;

/// <summary>
/// Declares a node lost in two steps. The loss is first announced in the membership table, after which the node cannot renew its lease. The node is declared lost only after
/// the lease has run out. So no other node replaces an object of a node that still answers.
/// </summary>
/// <remarks>
/// The announcement is a suspicion of the node against itself at a time long ago, which Orleans does not count as a vote. No other property of an entry is stored that could
/// contain it.
/// </remarks>
internal sealed class AnnouncedLoss(IMembershipTable table, TimeProvider time)
{
    private static readonly DateTime Mark = DateTime.UnixEpoch;
    private static readonly TimeSpan Wait = MembershipLease.Duration + TimeSpan.FromMilliseconds(100);

    /// <summary>Whether an entry announces that its node is about to be declared lost.</summary>
    public static bool IsAnnounced(MembershipEntry entry) => entry.SuspectTimes?.Exists(vote => IsMark(entry, vote)) == true;

    /// <summary>Returns the entry without its announcement.</summary>
    public static MembershipEntry Withdraw(MembershipEntry entry)
    {
        var copy = Restoration.With(entry, entry.Status, entry.IAmAliveTime);
        copy.SuspectTimes?.RemoveAll(vote => IsMark(entry, vote));
        return copy;
    }

    /// <summary>Declares a node lost.</summary>
    /// <param name="lost">The final entry of the node.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if the node is declared lost; false if another node has changed the table or withdrawn the announcement.</returns>
    public async Task<bool> DeclareAsync(MembershipEntry lost, CancellationToken cancellationToken)
    {
        var read = await table.ReadAllAsync(cancellationToken);
        if (read.TryGet(lost.SiloAddress) is not { } before)
            return false;
        if (before.Item1.Status == SiloStatus.Dead)
            return true;
        if (!IsAnnounced(before.Item1))
        {
            var announced = Restoration.With(before.Item1, before.Item1.Status, before.Item1.IAmAliveTime, (lost.SiloAddress, Mark));
            if (!await table.UpdateRowAsync(announced, before.Item2, read.Version.Next(), cancellationToken))
                return false;
        }

        await Task.Delay(Wait, time, cancellationToken);
        read = await table.ReadAllAsync(cancellationToken);
        return read.TryGet(lost.SiloAddress) is { } after
            && (after.Item1.Status == SiloStatus.Dead
                || (IsAnnounced(after.Item1) && await table.UpdateRowAsync(lost, after.Item2, read.Version.Next(), cancellationToken)));
    }

    private static bool IsMark(MembershipEntry entry, Tuple<SiloAddress, DateTime> vote) => vote.Item1.Equals(entry.SiloAddress) && vote.Item2.Date == Mark;
}
