using Wharf.Grains.Sharing;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>Resolves a ticket outside of the session, and holds its object for the operations that wait for it.</summary>
internal sealed class TicketJob(string ticket) : SessionJob
{
    public override async Task<JobResult> RunAsync(JobRun run, CancellationToken stopped)
    {
        var reference = Ticket.ParseCanonical(ticket) switch
        {
            SharedTicket shared => await FetchAsync(Convert.ToHexStringLower(shared.Id.Span), run, stopped),
            _ => await FieldJob.FindAsync(ticket, run.Holder, lease: null, run, stopped),
        };
        return JobResult.Of(new ExportValue(reference));
    }

    private static async Task<ObjectReference> FetchAsync(string sharedId, JobRun run, CancellationToken stopped)
    {
        var shared = run.Calls.Grains.GetGrain<ISharedTicketGrain>(sharedId);
        var target = await run.Calls.RepeatAsync(shared.GetTargetAsync, stopped) ?? throw SharedFaults.NotFound();
        try
        {
            return await FetchFromAsync(target, sharedId, run, stopped);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.Unauthenticated)
        {
            // The publisher was lost with its node and could not withdraw its ticket.
            await run.Calls.RepeatAsync(token => shared.WithdrawAsync(target, token), stopped);
            throw SharedFaults.NotFound();
        }
    }

    private static async Task<ObjectReference> FetchFromAsync(SharedTarget target, string sharedId, JobRun run, CancellationToken stopped)
    {
        var publisher = run.Calls.Grains.GetGrain<ISessionGrain>(target.SessionId);
        var fetch = new SharedFetch(target.ExportId, sharedId, run.Holder);
        var outcome = await run.Calls.RepeatAsync(token => publisher.FetchSharedAsync(fetch, token), CancellationToken.None);
        var workId = outcome.WorkId;
        try
        {
            while (!outcome.IsDone)
                outcome = await run.Calls.RepeatAsync(token => publisher.AwaitWorkAsync(workId, token), stopped);
        }
        catch (OperationCanceledException)
        {
            await publisher.AbandonAsync(workId, CancellationToken.None);
            throw;
        }

        return outcome.Fault is { } fault ? throw new FaultException(fault) : outcome.References[0];
    }
}

/// <summary>The failures of calls with shared tickets.</summary>
internal static class SharedFaults
{
    public static FaultException NotFound() => new(NothingShared);

    public static Fault NothingShared { get; } = new(FaultCode.NotFound, "Nothing is shared under this ticket");

    public static FaultException Taken() => new(FaultCode.AlreadyExists, "Something is shared under this ticket already");
}
