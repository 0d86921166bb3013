using System.Collections.Immutable;

namespace Wharf.Grains.Sessions;

/// <summary>Defines an export of the object of its source.</summary>
internal sealed class ReferenceJob : SessionJob
{
    public override async Task<JobResult> RunAsync(JobRun run, CancellationToken stopped)
    {
        var source = run.Inputs[0];
        await run.Calls.HoldAsync(source.Reference, run.Holder, lease: null, stopped);
        return JobResult.Of(source);
    }
}

/// <summary>Defines an export of an existing object, and releases the previous holder.</summary>
internal sealed class AdoptJob(AdoptWork work) : SessionJob
{
    public override async Task<JobResult> RunAsync(JobRun run, CancellationToken stopped)
    {
        await run.Calls.HoldAsync(work.Reference, run.Holder, lease: null, stopped);
        return JobResult.Of(new ExportValue(work.Reference));
    }

    public override Task EndAsync(GrainCalls calls) => calls.LetGoAsync(work.Reference, work.Holder);
}

/// <summary>Defines an export that has failed.</summary>
internal sealed class FailJob(Fault fault) : SessionJob
{
    public override Task<JobResult> RunAsync(JobRun run, CancellationToken stopped) => throw new FaultException(fault);
}

/// <summary>Sets a scope variable to the object of the source.</summary>
internal sealed class BindJob(BindWork work) : SessionJob
{
    public override async Task<JobResult> RunAsync(JobRun run, CancellationToken stopped)
    {
        var source = run.Inputs[0].Reference;
        if (work.TablesOnly)
            TableJob.RequireTable(source);
        await run.Variables.PutAsync(work.Variable, source, stopped);
        return new JobResult(null, []);
    }
}

/// <summary>Holds the objects of all tickets for a call or a stream, or none of them.</summary>
internal sealed class ResolveJob(string holder, TimeSpan? lease) : SessionJob
{
    public override async Task<JobResult> RunAsync(JobRun run, CancellationToken stopped)
    {
        ImmutableArray<ObjectReference> references = [.. run.Inputs.Select(input => input.Reference)];
        var holds = references.Distinct().Select(reference => run.Calls.HoldAsync(reference, holder, lease, stopped)).ToArray();
        try
        {
            await Task.WhenAll(holds);
        }
        catch
        {
            await UndoAsync(new JobResult(null, references), run.Calls);
            throw;
        }

        return new JobResult(null, references);
    }

    public override Task UndoAsync(JobResult result, GrainCalls calls) =>
        Task.WhenAll(result.References.Distinct().Select(reference => calls.LetGoAsync(reference, holder)));
}
