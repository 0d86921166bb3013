using Orleans.Runtime;

namespace Wharf.Server.Cluster.Store;

/// <summary>A change that brings a store nearer to the table of members that this node knows.</summary>
internal abstract record Change
{
    /// <summary>Adds an entry.</summary>
    public sealed record Insert(MembershipEntry Entry) : Change;

    /// <summary>Replaces an entry.</summary>
    public sealed record Update(MembershipEntry Entry, string Etag) : Change;

    /// <summary>Raises the version, which makes the table valid for the nodes that know a later one.</summary>
    public sealed record Raise(int To) : Change;
}

/// <summary>Decides whether a store has lost the table of members, and what is to be written so that it has it again.</summary>
internal static class Restoration
{
    /// <summary>Whether the table cannot follow the one that was read last: this node's own entry is gone, or the table is an earlier one.</summary>
    /// <param name="last">The table that this node was part of.</param>
    /// <param name="read">The table as it is in the store.</param>
    /// <param name="self">This node.</param>
    public static bool IsNeeded(MembershipTableData last, MembershipTableData read, SiloAddress self) =>
        last.TryGet(self) is { Item1.Status: not SiloStatus.Dead } && (read.TryGet(self) is null || read.Version.Version < last.Version.Version);

    /// <summary>
    /// The next change. All entries come first, at versions that the other nodes ignore; the version is raised last, so that no node takes a part of the table
    /// for the whole. Nodes that write at the same time do not disturb each other: each reads again after each change.
    /// </summary>
    /// <param name="last">The table that this node was part of.</param>
    /// <param name="read">The table as it is in the store.</param>
    /// <param name="self">This node.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when the table is complete.</returns>
    public static Change? Next(MembershipTableData last, MembershipTableData read, SiloAddress self, DateTime now)
    {
        if (!IsNeeded(last, read, self))
            return null;
        var isEarlier = read.Version.Version < last.Version.Version;
        var hasOthers = read.Members.Select(static member => member.Item1)
            .Any(entry => IsAlive(entry) && !entry.SiloAddress.Equals(self) && last.TryGet(entry.SiloAddress) is not null);
        foreach (var (entry, etag) in read.Members)
        {
            // Nodes that have found the store empty are a second cluster. The older one goes on. A node that is still joining will find this one.
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

    /// <summary>Whether a node takes part in the cluster.</summary>
    public static bool IsAlive(MembershipEntry entry) => entry.Status is SiloStatus.Joining or SiloStatus.Active;

    /// <summary>A copy of an entry.</summary>
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

    // Others would take an entry without a recent sign of life for that of a lost node.
    private static DateTime AliveTime(MembershipEntry entry, DateTime now) => IsAlive(entry) ? now : entry.IAmAliveTime;
}
