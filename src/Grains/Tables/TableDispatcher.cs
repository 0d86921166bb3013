using Microsoft.Extensions.Logging;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Tables;

/// <summary>Has table operations run where they belong.</summary>
internal interface ITableDispatcher
{
    /// <summary>Runs one operation to its end.</summary>
    /// <param name="run">The operation; its inputs are held by the caller meanwhile.</param>
    /// <param name="stopped">Nobody wants the result any more. The run is still followed to its end, since it may have made a table that has to be let go of.</param>
    /// <returns>The result, held for <see cref="TableRun.Holder"/>, or the fault that it came to.</returns>
    Task<TableRunOutcome> RunAsync(TableRun run, CancellationToken stopped);
}

/// <summary>
/// Has table operations run where their first input is: on this node at once, and on another by the grain of that table. What has no inputs is made here.
/// </summary>
internal sealed partial class TableDispatcher(
    TableStore tables, TableComputer computer, IGrainFactory grains, IObjectsHere here, TimeProvider time, ILogger<TableDispatcher> logger) : ITableDispatcher
{
    private readonly GrainCalls _calls = new(grains, here, time, logger);

    /// <inheritdoc/>
    public Task<TableRunOutcome> RunAsync(TableRun run, CancellationToken stopped) => run.Inputs is [var first, ..] && !tables.BelongsHere(first.ObjectId)
        ? RunElsewhereAsync(grains.GetGrain<ITableGrain>(first.ObjectId), run, stopped)
        : computer.ComputeAsync(run, stopped);

    private async Task<TableRunOutcome> RunElsewhereAsync(ITableGrain worker, TableRun run, CancellationToken stopped)
    {
        await using var stop = stopped.Register(() => _ = CancelAsync(worker, run.RunId));
        TableRunOutcome outcome;
        do
        {
            outcome = await _calls.RepeatAsync((worker, run), static (state, token) => state.worker.RunAsync(state.run, token), CancellationToken.None)
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
            // The run goes on to its end then; what it makes is let go of.
            LogNotStopped(runId, failed);
        }
    }

    [LoggerMessage(EventId = 2202, Level = LogLevel.Warning, Message = "The table run {RunId} could not be told to stop")]
    private partial void LogNotStopped(string runId, Exception exception);
}
