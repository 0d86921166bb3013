using Orleans;
using Wharf.Grains;
using Wharf.Grains.Fields;
using Wharf.Protocol;

namespace Wharf.Gateway.Services;

/// <summary>Refuses tickets that name an application which is not there: that is found out before anything else about the call.</summary>
internal sealed class KnownApplications(IGrainFactory grains)
{
    /// <inheritdoc cref="DemandAsync(Ticket, CancellationToken)"/>
    public ValueTask DemandAsync(string canonical, CancellationToken cancellationToken) =>
        canonical.StartsWith(ApplicationTicket.CanonicalPrefix, StringComparison.Ordinal)
            ? DemandAsync(Ticket.ParseCanonical(canonical), cancellationToken)
            : ValueTask.CompletedTask;

    /// <summary>Lets every ticket pass but those of unknown applications. Whether the application has the field is another question.</summary>
    /// <exception cref="FaultException">NOT_FOUND.</exception>
    public async ValueTask DemandAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        if (ticket is not ApplicationTicket application)
            return;
        var fields = grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);
        if (await fields.LookupAsync(application.Canonical, cancellationToken) is not null)
            return;
        var all = await fields.ReadAsync(0, cancellationToken);
        if (application.ApplicationId == WireNames.ScopeApplicationId || !all.Fields.Any(field => field.ApplicationId == application.ApplicationId))
            throw new FaultException(FaultCode.NotFound, $"There is no application '{application.ApplicationId}'");
    }
}
