using System.Collections.Immutable;
using Orleans.Runtime;

namespace Wharf.Grains.Nodes;

/// <summary>Returns the nodes of the cluster to programs that are not silos. Each node answers with its own view of the cluster.</summary>
[GrainInterfaceType("wharf.nodes")]
[Alias("wharf.INodesGrain")]
public interface INodesGrain : IGrainWithIntegerKey
{
    /// <summary>Waits until the cluster has changed, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="version">The version that the caller has; 0 returns at once.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The current nodes. The view of another node may be older than the caller's.</returns>
    [Alias("Watch")]
    [Repeatable]
    Task<NodeList> WatchAsync(long version, CancellationToken cancellationToken = default);
}

/// <summary>The nodes at one moment.</summary>
/// <param name="Version">The version, which grows with every change.</param>
/// <param name="Active">The nodes that accept operations.</param>
/// <param name="Leaving">The nodes that are shutting down in order.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.NodeList")]
public sealed record NodeList(
    [property: Id(0)] long Version, [property: Id(1)] ImmutableArray<SiloAddress> Active, [property: Id(2)] ImmutableArray<SiloAddress> Leaving);
