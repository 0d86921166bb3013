using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Wharf.Server.Cluster;

/// <summary>The nodes whose processes have ended. They answer no calls, so their leases need not run out before they are declared lost.</summary>
internal sealed class EndedProcesses
{
    private readonly ConcurrentDictionary<SiloAddress, byte> _silos = new();

    /// <summary>Records that the process of a node has ended.</summary>
    public void Add(SiloAddress silo) => _silos.TryAdd(silo, 0);

    /// <summary>Whether the process of a node has ended.</summary>
    public bool Contains(SiloAddress silo) => _silos.ContainsKey(silo);

    /// <summary>Whether a membership table contains a member whose process has ended.</summary>
    public bool ContainsMemberOf(MembershipTableData table) =>
        !_silos.IsEmpty && table.Members.Any(member => member.Item1.Status != SiloStatus.Dead && Contains(member.Item1.SiloAddress));
}
