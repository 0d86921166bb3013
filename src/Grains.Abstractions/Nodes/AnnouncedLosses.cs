using System.Collections.Immutable;
using Orleans.Runtime;

namespace Wharf.Grains.Nodes;

/// <summary>The nodes that the membership table lists as about to be declared lost. No node confirms any longer that they are members.</summary>
public sealed class AnnouncedLosses
{
    private volatile ImmutableHashSet<SiloAddress> _silos = [];

    /// <summary>Returns whether a node is about to be declared lost.</summary>
    /// <param name="silo">The node.</param>
    public bool Contains(SiloAddress silo) => _silos.Contains(silo);

    /// <summary>Replaces the set of nodes.</summary>
    /// <param name="silos">The nodes that are about to be declared lost now.</param>
    public void Replace(IEnumerable<SiloAddress> silos) => _silos = [.. silos];
}
