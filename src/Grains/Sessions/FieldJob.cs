using Wharf.Grains.Fields;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>Resolves the ticket of a field for a call or a stream.</summary>
internal sealed class FieldJob(string ticket, string holder, TimeSpan? lease) : SessionJob
{
    /// <summary>Returns whether a ticket is that of a field.</summary>
    public static bool Finds(string ticket) => Ticket.TryParseCanonical(ticket, out var parsed) && parsed is ApplicationTicket or ScopeTicket;

    /// <summary>Finds the object of a field and adds a holder. A variable in the session's own scope takes precedence.</summary>
    public static async Task<ObjectReference> FindAsync(string ticket, string holder, TimeSpan? lease, JobRun run, CancellationToken stopped)
    {
        if (run.Variables.FindOwn(ticket) is { } own)
        {
            await run.Calls.HoldAsync(own, holder, lease, stopped);
            return own;
        }

        var fields = run.Calls.Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);
        return await run.Calls.RepeatAsync(token => fields.ResolveAsync(ticket, holder, lease, token), stopped);
    }

    public override async Task<JobResult> RunAsync(JobRun run, CancellationToken stopped) => new(null, [await FindAsync(ticket, holder, lease, run, stopped)]);

    public override Task UndoAsync(JobResult result, GrainCalls calls) => calls.LetGoAsync(result.References[0], holder);
}
