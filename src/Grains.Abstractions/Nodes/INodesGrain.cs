using System.Collections.Immutable;
using Orleans.Runtime;

namespace Wharf.Grains.Nodes;

/// <summary>Says which nodes there are, to programs that are none themselves. Whichever node is asked answers as it sees the cluster.</summary>
[GrainInterfaceType("wharf.nodes")]
[Alias("wharf.INodesGrain")]
public interface INodesGrain : IGrainWithIntegerKey
{
    /// <summary>Waits, at most <see cref="GrainLimits.LongestWait"/>, until the cluster has changed.</summary>
    /// <param name="version">The version that the caller has; 0 answers at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The nodes now. A node that is asked for the first time may know less than the caller does.</returns>
    [Alias("Watch")]
    [Repeatable]
    Task<NodeList> WatchAsync(long version, CancellationToken cancellationToken = default);
}

/// <summary>The nodes at one moment.</summary>
/// <param name="Version">Grows with every change.</param>
/// <param name="Active">Those that take work.</param>
/// <param name="Leaving">Those that are about to stop; what lives there ends in order.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.NodeList")]
public sealed record NodeList(
    [property: Id(0)] long Version, [property: Id(1)] ImmutableArray<SiloAddress> Active, [property: Id(2)] ImmutableArray<SiloAddress> Leaving);
