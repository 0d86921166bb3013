using Wharf.Grains.Fields;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>Resolves the ticket of a field for a call or a stream.</summary>
internal sealed class FieldHandler(string ticket, string holder, TimeSpan? lease) : OperationHandler
{
    /// <summary>Returns whether a ticket is that of a field.</summary>
    public static bool IsField(string ticket) => Ticket.TryParseCanonical(ticket, out var parsed) && parsed is ApplicationTicket or ScopeTicket;

    /// <summary>IsField the object of a field and adds a holder. A variable in the session's own scope takes precedence.</summary>
    public static async Task<ObjectReference> FindAsync(string ticket, string holder, TimeSpan? lease, OperationContext context, CancellationToken stopped)
    {
        if (context.Variables.FindOwn(ticket) is { } own)
        {
            await context.Calls.HoldAsync(own, holder, lease, stopped);
            return own;
        }

        var fields = context.Calls.Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);
        return await context.Calls.RepeatAsync(token => fields.ResolveAsync(ticket, holder, lease, token), stopped);
    }

    public override async Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped) => new(null, [await FindAsync(ticket, holder, lease, context, stopped)]);

    public override Task ReleaseResultAsync(OperationResult result, RetryingCalls calls) => calls.ReleaseAsync(result.References[0], holder);
}
