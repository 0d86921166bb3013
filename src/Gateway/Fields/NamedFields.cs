using System.Collections.Immutable;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Grains;
using Wharf.Grains.Fields;
using Wharf.Protocol;

namespace Wharf.Gateway.Fields;

/// <summary>Reads and writes the named fields. It accepts authorized tickets only.</summary>
internal sealed class NamedFields(IGrainFactory grains)
{
    private IFieldDirectoryGrain Directory => grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);

    /// <summary>Reads all fields. <see cref="VisibleFields"/> selects those that a caller may see.</summary>
    public Task<ImmutableArray<FieldDescription>> ReadAsync(CancellationToken cancellationToken) => Directory.ReadAllAsync(cancellationToken);

    /// <summary>Returns the object of a field.</summary>
    /// <returns>The object, or null if the field does not exist.</returns>
    public Task<ObjectReference?> FindAsync(AuthorizedTickets field, CancellationToken cancellationToken) => grains.LookupAsync(field.Text, cancellationToken);

    /// <summary>Sets a variable of the scope, or of the session's own scope.</summary>
    public static Task SetAsync(CallSession session, AuthorizedTickets variable, ObjectReference reference, CancellationToken cancellationToken) =>
        session.Grain.PutVariableAsync(variable.Text, reference, cancellationToken);

    /// <summary>Throws if a ticket names an unknown application. This check precedes the other checks of a call. It does not check whether the application has the field.</summary>
    /// <exception cref="FaultException">NOT_FOUND.</exception>
    public ValueTask RequireApplicationsAsync(AuthorizedTickets tickets, CancellationToken cancellationToken)
    {
        foreach (var text in tickets.Texts)
        {
            if (text.StartsWith(ApplicationTicket.CanonicalPrefix, StringComparison.Ordinal))
                return LookUpApplicationsAsync(tickets.Texts, cancellationToken);
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask LookUpApplicationsAsync(ImmutableArray<string> texts, CancellationToken cancellationToken)
    {
        foreach (var text in texts)
        {
            if (!Ticket.TryParseCanonical(text, out var ticket) || ticket is not ApplicationTicket application)
                continue;
            if (await Directory.LookupAsync(text, cancellationToken) is not null)
                continue;
            if (application.ApplicationId == WireNames.ScopeApplicationId || !await Directory.HasApplicationAsync(application.ApplicationId, cancellationToken))
                throw new FaultException(FaultCode.NotFound, $"There is no application '{application.ApplicationId}'");
        }
    }
}
