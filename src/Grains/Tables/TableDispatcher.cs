using Microsoft.Extensions.Logging;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Tables;

/// <summary>Runs table operations on the node of their input.</summary>
internal interface ITableDispatcher
{
    /// <summary>Runs an operation to its end.</summary>
    /// <param name="request">The operation; its inputs are held by the caller until the operation completes.</param>
    /// <param name="stopped">
    /// Cancelled when the result is no longer needed. The operation is still awaited, because it may create a table that must be released.
    /// </param>
    /// <returns>The result, held by <see cref="TableOperationRequest.Holder"/>, or the fault.</returns>
    Task<TableOperationOutcome> RunAsync(TableOperationRequest request, CancellationToken stopped);
}

/// <summary>
/// Runs each table operation on the node of its first input: directly on this node, or on another node by the grain of that table. Operations without inputs
/// run on this node.
/// </summary>
internal sealed partial class TableDispatcher(
    TableStore tables, TableComputer computer, IGrainFactory grains, ILocalObjects localObjects, TimeProvider time, ILogger<TableDispatcher> logger) : ITableDispatcher
{
    private readonly RetryingCalls _calls = new(grains, localObjects, time, logger);

    /// <inheritdoc/>
    public Task<TableOperationOutcome> RunAsync(TableOperationRequest request, CancellationToken stopped) => request.Inputs is [var first, ..] && !tables.BelongsHere(first.ObjectId)
        ? RunElsewhereAsync(grains.GetGrain<ITableGrain>(first.ObjectId), request, stopped)
        : computer.ComputeAsync(request, stopped);

    private async Task<TableOperationOutcome> RunElsewhereAsync(ITableGrain worker, TableOperationRequest request, CancellationToken stopped)
    {
        await using var stop = stopped.Register(() => _ = CancelAsync(worker, request.RunId));
        TableOperationOutcome outcome;
        do
        {
            outcome = await _calls.RepeatAsync((worker, request), static (state, token) => state.worker.RunAsync(state.request, token), CancellationToken.None)
                .ConfigureAwait(false);
        }
        while (!outcome.IsDone);
        return outcome;
    }

    private async Task CancelAsync(ITableGrain worker, string runId)
    {
        try
        {
            await _calls.RepeatAsync(token => worker.CancelRunAsync(runId, token), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failed)
        {
            // The operation then runs to its end, and its result is released.
            LogCancelFailed(runId, failed);
        }
    }

    [LoggerMessage(EventId = 2202, Level = LogLevel.Warning, Message = "Failed to cancel table operation {RunId}; its result is released when it completes")]
    private partial void LogCancelFailed(string runId, Exception exception);
}
