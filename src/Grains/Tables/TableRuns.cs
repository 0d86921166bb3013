using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Wharf.Grains.Sessions;
using Wharf.Grains.Telemetry;
using Wharf.Plugins.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// Runs table operations of this node on a bounded pool of its own, so that nothing else waits behind them. A run is known by its id until a minute after its end: who
/// asks again, after a lost answer or a long wait, gets the same run.
/// </summary>
internal sealed partial class TableRuns(TableStore tables, TableEngine engine, TablePool pool, TimeProvider time, ILogger<TableRuns> logger)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Run> _runs = new();

    /// <summary>Starts a run, or finds it, and waits for it.</summary>
    public async ValueTask<TableRunOutcome> RunAsync(TableRun request, CancellationToken cancellationToken)
    {
        var run = _runs.GetOrAdd(request.RunId, static (_, state) => state.runs.Start(state.request), (runs: this, request));
        try
        {
            return await run.Outcome.WaitAsync(GrainLimits.LongestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new TableRunOutcome(false, null, null, null);
        }
    }

    /// <summary>Stops a run; a result that is there already is let go of.</summary>
    public void Cancel(string runId)
    {
        if (_runs.TryGetValue(runId, out var run))
            run.Cancel(tables);
    }

    /// <summary>Forgets runs that ended long ago.</summary>
    public void Sweep()
    {
        foreach (var (id, run) in _runs)
        {
            if (run.Outcome.IsCompleted && time.GetElapsedTime(run.EndedAt) > Remembered)
                _runs.TryRemove(id, out _);
        }

        TableEngine.TrimMemory();
    }

    private Run Start(TableRun request) => new(request, this);

    private async Task<TableRunOutcome> ComputeAsync(TableRun request, CancellationToken cancellationToken)
    {
        var inputs = new ArrowTable[request.Inputs.Length];
        try
        {
            var operation = request.Operation.Read();
            TableOperationValidator.Validate(operation);
            if (request.Inputs.Length != operation.InputCount)
                throw new TableException(TableError.InvalidArgument, $"the operation takes {operation.InputCount} tables, not {request.Inputs.Length}");
            for (var n = 0; n < inputs.Length; n++)
            {
                inputs[n] = await tables.OpenAsync(request.Inputs[n].ObjectId, cancellationToken)
                    ?? throw Objects.ObjectFaults.Gone(request.Inputs[n].ObjectId);
            }

            using var activity = GrainActivities.Begin("table " + operation.GetType().Name);
            var (table, description) = TableEngine.IsQuick(operation, inputs)
                ? Compute()
                : await Task.Factory.StartNew(Compute, cancellationToken, TaskCreationOptions.DenyChildAttach, pool.Scheduler);
            var result = tables.Add(table, request.Holder);
            return new TableRunOutcome(true, result, new TableSummary(description.Schema, description.Size, description.IsStatic), null);

            (ArrowTable Table, TableDescription Description) Compute()
            {
                var made = engine.Run(operation, inputs, cancellationToken);
                return (made, made.Describe());
            }
        }
        catch (TableException refused)
        {
            return Failed(new Fault((FaultCode)refused.Error, refused.Message));
        }
        catch (FaultException failed)
        {
            return Failed(failed.Fault);
        }
        catch (OperationCanceledException)
        {
            return Failed(new Fault(FaultCode.Cancelled, "the operation was cancelled"));
        }
        catch (OutOfMemoryException)
        {
            return Failed(new Fault(FaultCode.ResourceExhausted, "the result does not fit into the memory of the node"));
        }
        catch (Exception defect)
        {
            var errorId = Guid.NewGuid().ToString();
            LogDefect(defect, request.RunId, errorId);
            return Failed(new Fault(FaultCode.Internal, $"the operation failed on the server (error id {errorId})", errorId));
        }
        finally
        {
            foreach (var input in inputs)
                input?.LetGo();
        }
    }

    private static TableRunOutcome Failed(Fault fault) => new(true, null, null, fault);

    [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "The table run {RunId} failed for a reason of the server's own; error id {ErrorId}")]
    private partial void LogDefect(Exception exception, string runId, string errorId);

    private sealed class Run
    {
        private readonly CancellationTokenSource _cancel = new();

        // A run is remembered for long, its operation and inputs are not.
        private readonly string _holder;

        public Run(TableRun request, TableRuns runs)
        {
            _holder = request.Holder;
            Outcome = ComputeAsync(request, runs);
        }

        public Task<TableRunOutcome> Outcome { get; }

        public long EndedAt { get; private set; }

        public void Cancel(TableStore tables)
        {
            _cancel.Cancel();
            _ = Outcome.ContinueWith(
                outcome =>
                {
                    if (outcome.Result.Result is { } result)
                        tables.Find(result.ObjectId)?.LetGo(_holder);
                },
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
        }

        private async Task<TableRunOutcome> ComputeAsync(TableRun request, TableRuns runs)
        {
            var outcome = await runs.ComputeAsync(request, _cancel.Token).ConfigureAwait(false);
            EndedAt = runs.Now;
            return outcome;
        }
    }

    private long Now => time.GetTimestamp();
}
