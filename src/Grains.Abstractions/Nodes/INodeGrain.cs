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

    /// <summary>How many tables one call lets go of.</summary>
    const int MostHolds = 1_000;

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

    /// <summary>Lets go of tables of the node: what <see cref="Objects.IHeldGrain.LetGoAsync"/> does for one, without bringing a grain to life for each.</summary>
    /// <param name="holds">The tables, at most <see cref="MostHolds"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the holds are gone.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is gone, and the tables with it.</exception>
    [Alias("LetGoOfTables")]
    Task LetGoOfTablesAsync(ImmutableArray<TableHold> holds, CancellationToken cancellationToken = default);

    /// <summary>Asks which object types the node has.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The types, in the order of their registration.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is gone, or about to.</exception>
    [Alias("ListObjectTypes")]
    Task<ImmutableArray<ObjectTypeDescription>> ListObjectTypesAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks whether the node has another node as an active member of the cluster.</summary>
    /// <param name="silo">The other node.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Whether it does.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is gone, or about to.</exception>
    [Alias("HasMember")]
    Task<bool> HasMemberAsync(SiloAddress silo, CancellationToken cancellationToken = default);
}

/// <summary>A table, and who holds it.</summary>
/// <param name="ObjectId">The table's object id.</param>
/// <param name="Holder">The holder's name.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableHold")]
public readonly record struct TableHold([property: Id(0)] string ObjectId, [property: Id(1)] string Holder);

/// <summary>An object type of a node.</summary>
/// <param name="Name">The name that references carry.</param>
/// <param name="Aliases">Further names that clients may connect with.</param>
/// <param name="Plugin">The plugin that brings it.</param>
/// <param name="PluginVersion">That plugin's version.</param>
/// <param name="IsBidirectional">Whether clients exchange messages with its objects; else they fetch one.</param>
/// <param name="IsConcurrent">Whether the streams of one object run side by side.</param>
/// <param name="CanCreate">Whether an object can be made by the type's name.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ObjectTypeDescription")]
public sealed record ObjectTypeDescription(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<string> Aliases,
    [property: Id(2)] string Plugin,
    [property: Id(3)] string PluginVersion,
    [property: Id(4)] bool IsBidirectional,
    [property: Id(5)] bool IsConcurrent,
    [property: Id(6)] bool CanCreate);

/// <summary>Finds the grains of nodes.</summary>
public static class NodeGrains
{
    /// <summary>A node's name. It has the form of an object id, the node's number 0: a grain whose key begins with it lives where the node's objects do.</summary>
    /// <param name="silo">The node.</param>
    /// <returns>The name.</returns>
    public static string NameOf(SiloAddress silo) => new ObjectId(silo, 0, 0).ToString();

    /// <summary>The name of the node that an object is on.</summary>
    /// <param name="objectId">The object's id.</param>
    /// <returns>The name, or null when the id names no node.</returns>
    public static string? FindNameOf(string objectId)
    {
        ArgumentNullException.ThrowIfNull(objectId);
        return objectId.IndexOf('!', StringComparison.Ordinal) is > 0 and var end ? string.Concat(objectId.AsSpan(0, end), "!0!0") : null;
    }

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
