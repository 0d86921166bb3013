using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Wharf.Grains.Objects;
using Wharf.Grains.Placement;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Tables;

/// <summary>Serves a table of this node. If the node does not have the data, its calls fail with DATA_LOSS and the grain deactivates.</summary>
[GrainType("wharf.table")]
[OwnSiloPlacement]
[GrainDirectory(OwnSiloDirectory.Name)]
[Reentrant]
internal sealed class TableGrain(TableStore tables, RequestedTableOperations operations) : Grain, ITableGrain
{
    private StoredTable? _table;
    private Action? _leave;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // The last holder may release the table through its node instead of this grain.
        _table = tables.Find(this.GetPrimaryKeyString());
        _leave = GrainContext.DeactivateAfterEnd;
        _table?.WhenEnded(_leave);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Orleans may collect an idle activation while its table still exists.
        _table?.RemoveWhenEnded(_leave!);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task HoldAsync(string holder, long epoch, TimeSpan? lease, CancellationToken cancellationToken = default)
    {
        Table().Hold(holder, epoch, lease);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LetGoAsync(string holder, CancellationToken cancellationToken = default)
    {
        if (tables.Find(this.GetPrimaryKeyString()) is { } table)
            table.Release(holder);
        else
            DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ObjectDescription> DescribeAsync(CancellationToken cancellationToken = default)
    {
        var table = Table();
        return Task.FromResult(new ObjectDescription(table.Reference, GrainContext.ActivationId.ToString(), table.Holders, 0));
    }

    /// <inheritdoc/>
    public Task<TableSummary> SummarizeAsync(CancellationToken cancellationToken = default)
    {
        var description = Table().Table.Describe();
        return Task.FromResult(new TableSummary(description.Schema, description.Size, description.IsStatic));
    }

    /// <inheritdoc/>
    public ValueTask<TableOperationOutcome> RunAsync(TableOperationRequest request, CancellationToken cancellationToken = default) => operations.RunAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task CancelRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        operations.Cancel(runId);
        return Task.CompletedTask;
    }

    private StoredTable Table()
    {
        if (tables.Find(this.GetPrimaryKeyString()) is { } table)
            return table;
        DeactivateOnIdle();
        throw ObjectFaults.Gone(this.GetPrimaryKeyString());
    }
}

/// <summary>Creates tables without inputs, for programs that are not nodes, on the node that such a program is connected to.</summary>
[GrainType("wharf.table-maker")]
[StatelessWorker(1)]
[Reentrant]
internal sealed class TableMakerGrain(RequestedTableOperations operations) : Grain, ITableMakerGrain
{
    /// <inheritdoc/>
    public ValueTask<TableOperationOutcome> RunAsync(TableOperationRequest request, CancellationToken cancellationToken = default) => operations.RunAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task CancelRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        operations.Cancel(runId);
        return Task.CompletedTask;
    }
}
