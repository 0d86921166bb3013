using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Wharf.Server.Cluster;

/// <summary>The nodes whose processes are known to be gone: they answer nothing, so nobody has to wait for their lease.</summary>
internal sealed class GoneNodes
{
    private readonly ConcurrentDictionary<SiloAddress, byte> _silos = new();

    /// <summary>Records that the process of a node is gone.</summary>
    public void Add(SiloAddress silo) => _silos.TryAdd(silo, 0);

    /// <summary>Whether the process of a node is known to be gone.</summary>
    public bool Contains(SiloAddress silo) => _silos.ContainsKey(silo);

    /// <summary>Whether a membership table has a node as a member whose process is gone.</summary>
    public bool AreMembersOf(MembershipTableData table) =>
        !_silos.IsEmpty && table.Members.Any(member => member.Item1.Status != SiloStatus.Dead && Contains(member.Item1.SiloAddress));
}
