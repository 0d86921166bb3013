using Orleans.Runtime;

namespace Wharf.Server.Cluster.Store;

/// <summary>A change that restores a part of the membership table.</summary>
internal abstract record Change
{
    /// <summary>Adds an entry.</summary>
    public sealed record Insert(MembershipEntry Entry) : Change;

    /// <summary>Replaces an entry.</summary>
    public sealed record Update(MembershipEntry Entry, string Etag) : Change;

    /// <summary>Raises the version, so that nodes with a later version accept the table.</summary>
    public sealed record Raise(int To) : Change;
}

/// <summary>Decides whether a store has lost the membership table, and which changes restore it.</summary>
internal static class Restoration
{
    /// <summary>Whether the store has lost data: the entry of this node is missing, or the version of the table is lower than before.</summary>
    /// <param name="last">The table that this node was part of.</param>
    /// <param name="read">The table as it is in the store.</param>
    /// <param name="self">This node.</param>
    public static bool IsNeeded(MembershipTableData last, MembershipTableData read, SiloAddress self) =>
        last.TryGet(self) is { Item1.Status: not SiloStatus.Dead } && (read.TryGet(self) is null || read.Version.Version < last.Version.Version);

    /// <summary>
    /// Returns the next change. Entries are written first, at versions that other nodes ignore. The version is raised last, so that no node reads a partial
    /// table. Several nodes may write at the same time: each reads the table again after each change.
    /// </summary>
    /// <param name="last">The table that this node was part of.</param>
    /// <param name="read">The table as it is in the store.</param>
    /// <param name="self">This node.</param>
    /// <param name="now">The time.</param>
    /// <returns>The change, or null if the table is complete.</returns>
    public static Change? Next(MembershipTableData last, MembershipTableData read, SiloAddress self, DateTime now)
    {
        if (!IsNeeded(last, read, self))
            return null;
        var isEarlier = read.Version.Version < last.Version.Version;
        var hasOthers = read.Members.Select(static member => member.Item1)
            .Any(entry => IsAlive(entry) && !entry.SiloAddress.Equals(self) && last.TryGet(entry.SiloAddress) is not null);
        foreach (var (entry, etag) in read.Members)
        {
            // Active nodes that are new to this node are a second cluster, which started in the empty store. The older cluster continues. Joining
            // nodes will find it.
            if (last.TryGet(entry.SiloAddress) is not { Item1: var known })
            {
                if (entry.Status == SiloStatus.Active && (isEarlier || !hasOthers))
                    return new Change.Update(With(entry, SiloStatus.Dead, entry.IAmAliveTime, (self, now)), etag);
            }
            else if (isEarlier && entry.Status != known.Status)
                return new Change.Update(With(known, known.Status, AliveTime(known, now)), etag);
        }

        foreach (var (entry, _) in last.Members)
            if (read.TryGet(entry.SiloAddress) is null && (isEarlier || !hasOthers || entry.SiloAddress.Equals(self)))
                return new Change.Insert(With(entry, entry.Status, AliveTime(entry, now)));
        return isEarlier ? new Change.Raise(last.Version.Version + 1) : null;
    }

    /// <summary>Whether a node is a member of the cluster.</summary>
    public static bool IsAlive(MembershipEntry entry) => entry.Status is SiloStatus.Joining or SiloStatus.Active;

    /// <summary>Returns a copy of an entry with another status and time.</summary>
    public static MembershipEntry With(MembershipEntry entry, SiloStatus status, DateTime aliveTime, params (SiloAddress Silo, DateTime Time)[] suspectedBy)
    {
        var copy = new MembershipEntry
        {
            SiloAddress = entry.SiloAddress,
            Status = status,
            ProxyPort = entry.ProxyPort,
            HostName = entry.HostName,
            SiloName = entry.SiloName,
            RoleName = entry.RoleName,
            UpdateZone = entry.UpdateZone,
            FaultZone = entry.FaultZone,
            StartTime = entry.StartTime,
            IAmAliveTime = aliveTime,
            SuspectTimes = entry.SuspectTimes is { } times ? [.. times] : null,
        };
        foreach (var (silo, time) in suspectedBy)
            copy.AddSuspector(silo, time);
        return copy;
    }

    // Without a recent time other nodes would consider the node lost.
    private static DateTime AliveTime(MembershipEntry entry, DateTime now) => IsAlive(entry) ? now : entry.IAmAliveTime;
}
