using Wharf.Grains.Sharing;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>Resolves a ticket outside of the session, and holds its object for the operations that wait for it.</summary>
internal sealed class TicketHandler(string ticket) : OperationHandler
{
    public override async Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped)
    {
        var reference = Ticket.ParseCanonical(ticket) switch
        {
            SharedTicket shared => await FetchAsync(Convert.ToHexStringLower(shared.Id.Span), context, stopped),
            _ => await FieldHandler.FindAsync(ticket, context.Holder, lease: null, context, stopped),
        };
        return OperationResult.Of(new ExportValue(reference));
    }

    private static async Task<ObjectReference> FetchAsync(string sharedId, OperationContext context, CancellationToken stopped)
    {
        var shared = context.Calls.Grains.GetGrain<ISharedTicketGrain>(sharedId);
        var target = await context.Calls.RepeatAsync(shared.GetTargetAsync, stopped) ?? throw SharedFaults.NotFound();
        try
        {
            return await FetchFromAsync(target, sharedId, context, stopped);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.Unauthenticated)
        {
            // The publisher was lost with its node and could not withdraw its ticket.
            await context.Calls.RepeatAsync(token => shared.WithdrawAsync(target, token), stopped);
            throw SharedFaults.NotFound();
        }
    }

    private static async Task<ObjectReference> FetchFromAsync(SharedTarget target, string sharedId, OperationContext context, CancellationToken stopped)
    {
        var publisher = context.Calls.Grains.GetGrain<ISessionGrain>(target.SessionId);
        var fetch = new SharedFetch(target.ExportId, sharedId, context.Holder);
        var outcome = await context.Calls.RepeatAsync(token => publisher.FetchSharedAsync(fetch, token), CancellationToken.None);
        var workId = outcome.WorkId;
        try
        {
            while (!outcome.IsDone)
                outcome = await context.Calls.RepeatAsync(token => publisher.AwaitWorkAsync(workId, token), stopped);
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
