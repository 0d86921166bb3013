using Wharf.Grains.Fields;
using Wharf.Grains.References;
using Wharf.Plugins;
using Wharf.Protocol;

namespace Wharf.Grains.Objects;

/// <summary>Publishes and finds named fields for an object of a plugin.</summary>
/// <param name="live">The object.</param>
/// <param name="services">The services of its node.</param>
/// <param name="claim">The principal that owns the published fields.</param>
internal sealed class FieldPublisher(LiveObject live, IReferenceServices services, FieldClaim claim) : IFieldPublisher
{
    private IFieldDirectoryGrain Directory => services.Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);

    public async ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (NameRules.FindProblem(name, "variable name") is { } problem)
            throw new PluginException(PluginStatus.InvalidArgument, problem);
        var ticket = TicketTextOf(new ScopeTicket(name));
        var hold = live.References.Export(value);
        try
        {
            await CallAsync(() => Directory.SetAsync(ticket, hold.Reference, claim, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            hold.Release();
        }
    }

    public async ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var ticket = TicketTextOf(new ScopeTicket(name));
        var removed = false;
        await CallAsync(async () => removed = await Directory.RemoveAsync(ticket, claim, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return removed;
    }

    public async ValueTask<IServerObject?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // A variable of a plugin may have the same name as an application's field in the notation of ListAsync.
        return await FindAsync(FieldNames.TicketOf(name) ?? new ScopeTicket(name), cancellationToken).ConfigureAwait(false)
            ?? (name.Contains('/', StringComparison.Ordinal) ? await FindAsync(new ScopeTicket(name), cancellationToken).ConfigureAwait(false) : null);
    }

    public async ValueTask<IReadOnlyList<NamedField>> ListAsync(CancellationToken cancellationToken = default)
    {
        var list = await Directory.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. list.Select(static field => new NamedField(NameOf(field), field.Object.TypeName))
                .OrderBy(static field => field.Name, StringComparer.Ordinal),
        ];
    }

    private async Task<IServerObject?> FindAsync(Ticket field, CancellationToken cancellationToken)
    {
        var ticket = TicketTextOf(field);
        var holder = Holder.OfCall(Guid.NewGuid().ToString("N"));
        try
        {
            var reference = await Directory.ResolveAsync(ticket, holder, GrainLimits.CallLease, cancellationToken).ConfigureAwait(false);
            return live.References.KeepOwned(services.Holds.Adopt(reference, holder));
        }
        catch (FaultException missing) when (missing.Fault.Code == FaultCode.NotFound)
        {
            return null;
        }
        catch (FaultException refused)
        {
            throw ToPluginException(refused);
        }
    }

    private static string NameOf(FieldDescription field) => FieldNames.Parse(field.Ticket) is { IsScope: true } scope ? scope.FieldName : field.Ticket;

    private static async Task CallAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (FaultException refused)
        {
            throw ToPluginException(refused);
        }
    }

    private static PluginException ToPluginException(FaultException refused) => new((PluginStatus)refused.Fault.Code, refused.Message, refused);

    /// <summary>
    /// Returns the text of a ticket. Throws for the field for which this object is being created: the directory waits until the creation ends.
    /// </summary>
    private string TicketTextOf(Ticket ticket) => live.InstanceOrNull is null && live.Holders.Contains(Holder.OfField(ticket.Canonical))
        ? throw new PluginException(
            PluginStatus.FailedPrecondition, $"the field {ticket.Canonical} waits for the object {live.Reference.ObjectId}, which is being created for it")
        : ticket.Canonical;
}
