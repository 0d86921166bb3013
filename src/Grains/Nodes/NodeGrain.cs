using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Wharf.Grains.Objects;
using Wharf.Grains.Placement;
using Wharf.Grains.Sessions;
using Wharf.Grains.Tables;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Nodes;

/// <summary>Reports the state of this node. If its own node is lost and the grain is activated on another, its calls fail with DATA_LOSS.</summary>
[GrainType("wharf.node")]
[OwnSiloPlacement]
[GrainDirectory(OwnSiloDirectory.Name)]
[Reentrant]
internal sealed class NodeGrain(
    NodeIdentity node, NodeAddress address, LocalSessions sessions, TableStore tables, ObjectTypeRegistry types, IClusterMembershipService membership,
    AnnouncedLosses losses)
    : Grain, INodeGrain
{
    /// <inheritdoc/>
    public Task<string> GetFlightAddressAsync(CancellationToken cancellationToken = default)
    {
        RequireOwn();
        return Task.FromResult(address.Flight?.ToString() ?? throw new FaultException(FaultCode.Unavailable, "the node does not serve tables yet"));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> FindSessionsAsync(ImmutableArray<string> sessionIds, CancellationToken cancellationToken = default)
    {
        RequireOwn();
        return Task.FromResult(sessionIds.RemoveAll(id => !sessions.Has(id)));
    }

    /// <inheritdoc/>
    public Task LetGoOfTablesAsync(ImmutableArray<TableHold> holds, CancellationToken cancellationToken = default)
    {
        RequireOwn();
        foreach (var hold in holds)
            tables.Find(hold.ObjectId)?.Release(hold.Holder);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ObjectTypeDescription>> ListObjectTypesAsync(CancellationToken cancellationToken = default)
    {
        RequireOwn();
        return Task.FromResult(types.All.Select(Describe).ToImmutableArray());
    }

    /// <inheritdoc/>
    public Task<bool> HasMemberAsync(SiloAddress silo, CancellationToken cancellationToken = default)
    {
        RequireOwn();
        return Task.FromResult(membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active && !losses.Contains(silo));
    }

    private static ObjectTypeDescription Describe(RegisteredObjectType type) => new(
        type.Name, [.. type.Aliases], type.Plugin.Name, type.Plugin.Version, type.Type is BidirectionalObjectType, type.IsConcurrent, type.CanCreate);

    private void RequireOwn()
    {
        if (ObjectId.TryParse(this.GetPrimaryKeyString(), out var id) && id.Silo.Equals(node.Silo))
            return;
        DeactivateOnIdle();
        throw new FaultException(FaultCode.DataLoss, "the node is lost");
    }
}
