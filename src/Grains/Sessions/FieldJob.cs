using Wharf.Grains.Fields;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>A call or a stream is to hold the object of a field, and nothing else.</summary>
internal sealed class FieldJob(string ticket, string holder, TimeSpan? lease) : SessionJob
{
    /// <summary>Whether a ticket is one of a field.</summary>
    public static bool Finds(string ticket) => Ticket.TryParseCanonical(ticket, out var parsed) && parsed is ApplicationTicket or ScopeTicket;

    /// <summary>Finds a field's object and holds it.</summary>
    public static Task<ObjectReference> FindAsync(string ticket, string holder, TimeSpan? lease, GrainCalls calls, CancellationToken stopped)
    {
        var fields = calls.Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);
        return calls.RepeatAsync(token => fields.ResolveAsync(ticket, holder, lease, token), stopped);
    }

    public override async Task<JobResult> RunAsync(JobRun run, CancellationToken stopped) => new(null, [await FindAsync(ticket, holder, lease, run.Calls, stopped)]);

    public override Task UndoAsync(JobResult result, GrainCalls calls) => calls.LetGoAsync(result.References[0], holder);
}
