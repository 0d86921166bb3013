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
        var run = tables.RunAsync(new TableRun(holder, new PortableOperation(operation), inputs, holder), cancellationToken);
        TableRunOutcome outcome;
        try
        {
            outcome = await run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = LetGoAfterAsync(run, holder);
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

    private async Task LetGoAfterAsync(Task<TableRunOutcome> run, string holder)
    {
        await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (run is { IsCompletedSuccessfully: true, Result.Result: { } result })
            holds.Claim(result, holder).Release();
    }
}
