using System.Collections.Immutable;
using Orleans.Runtime;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Nodes;

/// <summary>A node, to be asked about itself. It answers on that node or not at all; see <see cref="NodeGrains.GetNode"/>.</summary>
[GrainInterfaceType("wharf.node")]
[Alias("wharf.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>How many sessions one call asks for.</summary>
    const int MostSessions = 1_000;

    /// <summary>Asks where the node serves its tables to other nodes.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The address of its Flight service.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is gone. UNAVAILABLE: it does not serve yet.</exception>
    [Alias("GetFlightAddress")]
    Task<string> GetFlightAddressAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks which of some sessions live on the node.</summary>
    /// <param name="sessionIds">The sessions, at most <see cref="MostSessions"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Those of them that do, and have not ended.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is gone, or about to.</exception>
    [Alias("FindSessions")]
    Task<ImmutableArray<string>> FindSessionsAsync(ImmutableArray<string> sessionIds, CancellationToken cancellationToken = default);
}

/// <summary>Finds the grains of nodes.</summary>
public static class NodeGrains
{
    /// <summary>A node's name. It has the form of an object id, the node's number 0: a grain whose key begins with it lives where the node's objects do.</summary>
    /// <param name="silo">The node.</param>
    /// <returns>The name.</returns>
    public static string NameOf(SiloAddress silo) => new ObjectId(silo, 0, 0).ToString();

    /// <summary>Finds a node's grain.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="silo">The node.</param>
    /// <returns>The grain.</returns>
    public static INodeGrain GetNode(this IGrainFactory grains, SiloAddress silo)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<INodeGrain>(NameOf(silo));
    }
}
