using Wharf.Grains.Tables;
using Wharf.Tables;

namespace Wharf.Grains.Sessions;

/// <summary>Defines an export of the table that a table operation computes. The operation runs on the node of its first source.</summary>
internal sealed class TableHandler(PortableOperation operation) : OperationHandler
{
    public override async Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped)
    {
        foreach (var input in context.Inputs)
            RequireTable(input.Reference);
        return IsFetch() && context.Inputs is [var source] ? await FetchAsync(source.Reference, context, stopped) : await ComputeAsync(context, stopped);
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

    private static async Task<OperationResult> FetchAsync(ObjectReference table, OperationContext context, CancellationToken stopped)
    {
        await context.Calls.HoldAsync(table, context.Holder, lease: null, stopped);
        try
        {
            var grain = context.Calls.Grains.GetGrain<ITableGrain>(table.ObjectId);
            var summary = await context.Calls.RepeatAsync(grain.SummarizeAsync, stopped);
            return OperationResult.Of(new ExportValue(table, summary.Size), summary);
        }
        catch
        {
            await context.Calls.ReleaseAsync(table, context.Holder);
            throw;
        }
    }

    private async Task<OperationResult> ComputeAsync(OperationContext context, CancellationToken stopped)
    {
        var outcome = await context.Tables.RunAsync(new TableOperationRequest(context.RunId, operation, [.. context.Inputs.Select(input => input.Reference)], context.Holder), stopped);
        return outcome switch
        {
            { Fault: { } fault } => throw new FaultException(fault),
            { Result: { } result } => OperationResult.Of(new ExportValue(result, outcome.Table?.Size), outcome.Table),
            _ => throw new InvalidOperationException($"The table operation {context.RunId} ended without a table and without a fault"),
        };
    }
}
