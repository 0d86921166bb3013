using System.Collections.Immutable;
using Wharf.Grains.Objects;
using Wharf.Plugins;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>Runs table operations for plugin code, where their first input is.</summary>
internal sealed class TableWorker(ObjectHolds holds, IGrainFactory grains)
{
    /// <summary>Runs an operation.</summary>
    /// <returns>The result, held.</returns>
    /// <exception cref="PluginException">The operation failed.</exception>
    public async Task<ObjectHold> RunAsync(TableOperation operation, ImmutableArray<ObjectReference> inputs, CancellationToken cancellationToken)
    {
        var holder = holds.NewName();
        var run = new TableRun(holder, new PortableOperation(operation), inputs, holder);
        ITableWorkerGrain worker = inputs.Length == 0 ? grains.GetGrain<ITableMakerGrain>("any") : grains.GetGrain<ITableGrain>(inputs[0].ObjectId);
        try
        {
            while (true)
            {
                var outcome = await worker.RunAsync(run, cancellationToken).ConfigureAwait(false);
                if (outcome.Fault is { } fault)
                    throw new PluginException((PluginStatus)fault.Code, fault.Message);
                if (outcome.IsDone)
                    return holds.Claim(outcome.Result!, holder);
            }
        }
        catch (OperationCanceledException)
        {
            _ = worker.CancelRunAsync(run.RunId, CancellationToken.None);
            throw;
        }
        catch (FaultException failed)
        {
            throw new PluginException((PluginStatus)failed.Fault.Code, failed.Message, failed);
        }
    }
}
