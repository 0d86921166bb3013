using Microsoft.Extensions.Logging;
using Wharf.Grains.Logs;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Telemetry;
using Wharf.Plugins.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// Computes table operations on this node, on a bounded pool of threads, so that other calls do not wait for them. Operations that take only microseconds are
/// computed on the calling thread.
/// </summary>
internal sealed partial class TableComputer(TableStore tables, TableEngine engine, TablePool pool, MemoryAccountant memory, DefectLog defects, ILogger<TableComputer> logger)
{
    /// <summary>The outcome of a cancelled operation.</summary>
    public static readonly TableOperationOutcome Cancelled = Failed(new Fault(FaultCode.Cancelled, "the operation was cancelled"));

    /// <summary>Computes an operation. It never throws: a failure is returned as a fault.</summary>
    /// <param name="request">The operation. Inputs on other nodes are fetched.</param>
    /// <param name="cancellationToken">
    /// The token to monitor for cancellation requests. The outcome is CANCELLED, or a result if the operation has completed.
    /// </param>
    /// <returns>The result, held, or the fault.</returns>
    public async Task<TableOperationOutcome> ComputeAsync(TableOperationRequest request, CancellationToken cancellationToken)
    {
        var inputs = new ArrowTable[request.Inputs.Length];
        try
        {
            using var charge = memory.Open(MemoryUse.Tables, Holder.PayerOf(request.Holder));
            var operation = request.Operation.Read();
            TableOperationValidator.Validate(operation);
            for (var n = 0; n < inputs.Length; n++)
            {
                inputs[n] = await tables.OpenAsync(request.Inputs[n].ObjectId, charge, cancellationToken).ConfigureAwait(false)
                    ?? throw Objects.ObjectFaults.Gone(request.Inputs[n].ObjectId);
            }

            memory.RequireRoom();
            using var activity = GrainActivities.Begin("table " + operation.GetType().Name);
            var (table, description) = TableEngine.IsFast(operation, inputs)
                ? Compute()
                : await pool.RunAsync(Compute, cancellationToken).ConfigureAwait(false);
            // From here on, the result is charged as a stored table.
            charge.Dispose();
            var result = tables.Add(table, request.Holder);
            return new TableOperationOutcome(true, result, new TableSummary(description.Schema, description.Size, description.IsStatic), null);

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
            var errorId = defects.Write(defect, logger, errorId => LogDefect(defect, request.RunId, errorId));
            return Failed(new Fault(FaultCode.Internal, $"the operation failed on the server (error id {errorId})", errorId));
        }
        finally
        {
            foreach (var input in inputs)
                input?.LetGo();
        }
    }

    private static TableOperationOutcome Failed(Fault fault) => new(true, null, null, fault);

    [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "Table operation {RunId} failed by a defect of the server; error id {ErrorId}")]
    private partial void LogDefect(Exception exception, string runId, string errorId);
}
