using Microsoft.Extensions.Logging;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Telemetry;
using Wharf.Plugins.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// Computes table operations on this node, on a bounded pool of its own, so that nothing else waits behind them; what takes some microseconds for certain is computed on the thread
/// that asks.
/// </summary>
internal sealed partial class TableComputer(TableStore tables, TableEngine engine, TablePool pool, MemoryAccountant memory, ILogger<TableComputer> logger)
{
    /// <summary>The outcome of an operation that nobody wants any more.</summary>
    public static readonly TableRunOutcome Cancelled = Failed(new Fault(FaultCode.Cancelled, "the operation was cancelled"));

    /// <summary>Computes one operation.</summary>
    /// <param name="run">The operation. Inputs of other nodes are fetched.</param>
    /// <param name="cancellationToken">Ends it early, if it is not done by then: the outcome is CANCELLED, or a result.</param>
    /// <returns>The result, held, or the fault that it came to. It never fails.</returns>
    public async Task<TableRunOutcome> ComputeAsync(TableRun run, CancellationToken cancellationToken)
    {
        var inputs = new ArrowTable[run.Inputs.Length];
        try
        {
            using var charge = memory.Open(MemoryUse.Tables, Holder.PayerOf(run.Holder));
            var operation = run.Operation.Read();
            TableOperationValidator.Validate(operation);
            for (var n = 0; n < inputs.Length; n++)
            {
                inputs[n] = await tables.OpenAsync(run.Inputs[n].ObjectId, charge, cancellationToken).ConfigureAwait(false)
                    ?? throw Objects.ObjectFaults.Gone(run.Inputs[n].ObjectId);
            }

            memory.RequireRoom();
            using var activity = GrainActivities.Begin("table " + operation.GetType().Name);
            var (table, description) = TableEngine.IsQuick(operation, inputs)
                ? Compute()
                : await pool.RunAsync(Compute, cancellationToken).ConfigureAwait(false);
            // The result is charged for as a stored table from here on.
            charge.Dispose();
            var result = tables.Add(table, run.Holder);
            return new TableRunOutcome(true, result, new TableSummary(description.Schema, description.Size, description.IsStatic), null);

            (ArrowTable Table, TableDescription Description) Compute()
            {
                var made = engine.Run(operation, inputs, cancellationToken, charge);
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
            return Cancelled;
        }
        catch (Exception failed) when (MemoryFailure.Is(failed))
        {
            return Failed(new Fault(FaultCode.ResourceExhausted, MemoryFailure.Text));
        }
        catch (Exception defect)
        {
            var errorId = Guid.NewGuid().ToString();
            LogDefect(defect, run.RunId, errorId);
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
}
