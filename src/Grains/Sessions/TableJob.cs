using Wharf.Grains.Tables;
using Wharf.Tables;

namespace Wharf.Grains.Sessions;

/// <summary>Defines an export of the table that a table operation computes. The operation runs on the node of its first source.</summary>
internal sealed class TableJob(PortableOperation operation) : SessionJob
{
    public override async Task<JobResult> RunAsync(JobRun run, CancellationToken stopped)
    {
        foreach (var input in run.Inputs)
            RequireTable(input.Reference);
        return IsFetch() && run.Inputs is [var source] ? await FetchAsync(source.Reference, run, stopped) : await ComputeAsync(run, stopped);
    }

    /// <summary>Throws if a reference is not a table.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT.</exception>
    public static void RequireTable(ObjectReference reference)
    {
        if (reference.Kind != ObjectKind.Table)
        {
            var found = reference.TypeName.Length > 0 ? reference.TypeName : "an object without a type";
            throw new FaultException(FaultCode.InvalidArgument, $"The source is not a table (found: {found})");
        }
    }

    private bool IsFetch()
    {
        try
        {
            return operation.Read() is FetchTable;
        }
        catch (TableException unknown)
        {
            throw new FaultException((FaultCode)unknown.Error, unknown.Message);
        }
    }

    private static async Task<JobResult> FetchAsync(ObjectReference table, JobRun run, CancellationToken stopped)
    {
        await run.Calls.HoldAsync(table, run.Holder, lease: null, stopped);
        try
        {
            var grain = run.Calls.Grains.GetGrain<ITableGrain>(table.ObjectId);
            var summary = await run.Calls.RepeatAsync(grain.SummarizeAsync, stopped);
            return JobResult.Of(new ExportValue(table, summary.Size), summary);
        }
        catch
        {
            await run.Calls.LetGoAsync(table, run.Holder);
            throw;
        }
    }

    private async Task<JobResult> ComputeAsync(JobRun run, CancellationToken stopped)
    {
        var outcome = await run.Tables.RunAsync(new TableOperationRequest(run.RunId, operation, [.. run.Inputs.Select(input => input.Reference)], run.Holder), stopped);
        return outcome switch
        {
            { Fault: { } fault } => throw new FaultException(fault),
            { Result: { } result } => JobResult.Of(new ExportValue(result, outcome.Table?.Size), outcome.Table),
            _ => throw new InvalidOperationException($"The table operation {run.RunId} ended without a table and without a fault"),
        };
    }
}
