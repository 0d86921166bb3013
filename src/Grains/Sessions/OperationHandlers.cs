using System.Collections.Immutable;

namespace Wharf.Grains.Sessions;

/// <summary>Defines an export of the object of its source.</summary>
internal sealed class ReferenceHandler : OperationHandler
{
    public override async Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped)
    {
        var source = context.Inputs[0];
        await context.Calls.HoldAsync(source.Reference, context.Holder, lease: null, stopped);
        return OperationResult.Of(source);
    }
}

/// <summary>Defines an export of an existing object, and releases the previous holder.</summary>
internal sealed class AdoptHandler(AdoptWork work) : OperationHandler
{
    public override async Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped)
    {
        await context.Calls.HoldAsync(work.Reference, context.Holder, lease: null, stopped);
        return OperationResult.Of(new ExportValue(work.Reference));
    }

    public override Task OnEndedAsync(RetryingCalls calls) => calls.ReleaseAsync(work.Reference, work.Holder);
}

/// <summary>Defines an export that has failed.</summary>
internal sealed class FailHandler(Fault fault) : OperationHandler
{
    public override Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped) => throw new FaultException(fault);
}

/// <summary>Sets a scope variable to the object of the source.</summary>
internal sealed class BindHandler(BindWork work) : OperationHandler
{
    public override async Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped)
    {
        var source = context.Inputs[0].Reference;
        if (work.TablesOnly)
            TableHandler.RequireTable(source);
        await context.Variables.PutAsync(work.Variable, source, stopped);
        return new OperationResult(null, []);
    }
}

/// <summary>Holds the objects of all tickets for a call or a stream, or none of them.</summary>
internal sealed class ResolveHandler(string holder, TimeSpan? lease) : OperationHandler
{
    public override async Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped)
    {
        ImmutableArray<ObjectReference> references = [.. context.Inputs.Select(input => input.Reference)];
        var holds = references.Distinct().Select(reference => context.Calls.HoldAsync(reference, holder, lease, stopped)).ToArray();
        try
        {
            await Task.WhenAll(holds);
        }
        catch
        {
            await ReleaseResultAsync(new OperationResult(null, references), context.Calls);
            throw;
        }

        return new OperationResult(null, references);
    }

    public override Task ReleaseResultAsync(OperationResult result, RetryingCalls calls) =>
        Task.WhenAll(result.References.Distinct().Select(reference => calls.ReleaseAsync(reference, holder)));
}
