using System.Collections.Immutable;
using Orleans.Runtime;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Nodes;

/// <summary>Reports the state of one node. The grain is always activated on that node; see <see cref="NodeGrains.GetNode"/>.</summary>
[GrainInterfaceType("wharf.node")]
[Alias("wharf.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>The maximum number of sessions in one call.</summary>
    const int MostSessions = 1_000;

    /// <summary>The maximum number of tables in one call.</summary>
    const int MostHolds = 1_000;

    /// <summary>Returns the address at which the node serves its tables to other nodes.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The address of its Flight service.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is lost. UNAVAILABLE: its Flight service has not started yet.</exception>
    [Alias("GetFlightAddress")]
    Task<string> GetFlightAddressAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns the sessions, out of a list, that are active on the node.</summary>
    /// <param name="sessionIds">The sessions, at most <see cref="MostSessions"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The sessions that are on the node and have not ended.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is lost, or about to be declared lost.</exception>
    [Alias("FindSessions")]
    Task<ImmutableArray<string>> FindSessionsAsync(ImmutableArray<string> sessionIds, CancellationToken cancellationToken = default);

    /// <summary>
    /// Releases tables of the node. The effect is that of <see cref="Objects.IHeldGrain.LetGoAsync"/> for each table, without the activation of a grain for
    /// each.
    /// </summary>
    /// <param name="holds">The tables, at most <see cref="MostHolds"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the holds are released.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is lost, and the tables with it.</exception>
    [Alias("LetGoOfTables")]
    Task LetGoOfTablesAsync(ImmutableArray<TableHold> holds, CancellationToken cancellationToken = default);

    /// <summary>Returns the object types of the node.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The types, in the order of their registration.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is lost, or about to be declared lost.</exception>
    [Alias("ListObjectTypes")]
    Task<ImmutableArray<ObjectTypeDescription>> ListObjectTypesAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns whether this node considers another node an active member of the cluster.</summary>
    /// <param name="silo">The other node.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Whether the other node is an active member.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the node is lost, or about to be declared lost.</exception>
    [Alias("HasMember")]
    Task<bool> HasMemberAsync(SiloAddress silo, CancellationToken cancellationToken = default);
}

/// <summary>A table and one of its holders.</summary>
/// <param name="ObjectId">The table's object id.</param>
/// <param name="Holder">The holder's name.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableHold")]
public readonly record struct TableHold([property: Id(0)] string ObjectId, [property: Id(1)] string Holder);

/// <summary>An object type of a node.</summary>
/// <param name="Name">The name that references contain.</param>
/// <param name="Aliases">Other names that clients may connect with.</param>
/// <param name="Plugin">The plugin that registers the type.</param>
/// <param name="PluginVersion">The version of the plugin.</param>
/// <param name="IsBidirectional">Whether clients exchange messages with the objects of the type; otherwise clients fetch one message.</param>
/// <param name="IsConcurrent">Whether the streams of one object are served concurrently.</param>
/// <param name="CanCreate">Whether an object can be created by the name of the type.</param>
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
    /// <summary>Returns the name of a node: an object id with the number 0. A grain whose key begins with it is placed where the node's objects are.</summary>
    /// <param name="silo">The node.</param>
    /// <returns>The name.</returns>
    public static string NameOf(SiloAddress silo) => new ObjectId(silo, 0, 0).ToString();

    /// <summary>Returns the name of the node of an object.</summary>
    /// <param name="objectId">The object's id.</param>
    /// <returns>The name, or null if the id contains no node.</returns>
    public static string? FindNameOf(string objectId)
    {
        ArgumentNullException.ThrowIfNull(objectId);
        return objectId.IndexOf('!', StringComparison.Ordinal) is > 0 and var end ? string.Concat(objectId.AsSpan(0, end), "!0!0") : null;
    }

    /// <summary>Returns the grain of a node.</summary>
    /// <param name="grains">The grain factory.</param>
    /// <param name="silo">The node.</param>
    /// <returns>The grain.</returns>
    public static INodeGrain GetNode(this IGrainFactory grains, SiloAddress silo)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<INodeGrain>(NameOf(silo));
    }
}
