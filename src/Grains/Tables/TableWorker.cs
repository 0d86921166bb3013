using System.Collections.Immutable;
using Wharf.Grains.Objects;
using Wharf.Plugins;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>Runs table operations for plugin code.</summary>
internal sealed class TableWorker(ObjectHolds holds, ITableDispatcher tables)
{
    /// <summary>Runs an operation.</summary>
    /// <returns>The result, held.</returns>
    /// <exception cref="OperationCanceledException">The operation was cancelled. If it still creates a table, the table is released.</exception>
    /// <exception cref="PluginException">The operation failed.</exception>
    public async Task<ObjectHold> RunAsync(TableOperation operation, ImmutableArray<ObjectReference> inputs, CancellationToken cancellationToken)
    {
        var holder = holds.NewName();
        var operationTask = tables.RunAsync(new TableOperationRequest(holder, new PortableOperation(operation), inputs, holder), cancellationToken);
        TableOperationOutcome outcome;
        try
        {
            outcome = await operationTask.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = ReleaseAfterAsync(operationTask, holder);
            throw;
        }
        catch (FaultException failed)
        {
            throw new PluginException((PluginStatus)failed.Fault.Code, failed.Message, failed);
        }

        if (outcome.Fault is not { } fault)
            return holds.Claim(outcome.Result!, holder);
        cancellationToken.ThrowIfCancellationRequested();
        throw new PluginException((PluginStatus)fault.Code, fault.Message);
    }

    private async Task ReleaseAfterAsync(Task<TableOperationOutcome> operationTask, string holder)
    {
        await ((Task)operationTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (operationTask is { IsCompletedSuccessfully: true, Result.Result: { } result })
            holds.Claim(result, holder).Release();
    }
}
