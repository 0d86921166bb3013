using System.Diagnostics.CodeAnalysis;
using Wharf.Grains.Fields;
using Wharf.Grains.Sessions;
using Wharf.Grains.Sharing;

namespace Wharf.Grains;

/// <summary>
/// Finds the grain that resolves a ticket from the ticket's canonical text alone: <c>export/{session}/{id}</c>, <c>shared/{hex}</c>, <c>scope/{name}</c> or
/// <c>app/{application}/field/{field}</c>. Names are not escaped: those that may contain a slash come last.
/// </summary>
public static class TicketAddress
{
    /// <summary>Finds the object of a ticket.</summary>
    /// <param name="grains">The grain factory.</param>
    /// <param name="ticket">The ticket's canonical text; that of an export contains its session.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, or null if the ticket refers to nothing now.</returns>
    /// <exception cref="ArgumentException">The text is not a ticket.</exception>
    public static Task<ObjectReference?> LookupAsync(this IGrainFactory grains, string ticket, CancellationToken cancellationToken = default) =>
        TryGetGrain(grains, ticket, out var grain)
            ? grain.LookupAsync(ticket, cancellationToken)
            : throw new ArgumentException($"'{ticket}' is not the canonical text of a ticket", nameof(ticket));

    /// <summary>Finds the grain that resolves a ticket.</summary>
    /// <param name="grains">The grain factory.</param>
    /// <param name="ticket">The ticket's canonical text; that of an export contains its session.</param>
    /// <param name="grain">The grain.</param>
    /// <returns>False if the text is not a ticket.</returns>
    public static bool TryGetGrain(IGrainFactory grains, string ticket, [NotNullWhen(true)] out ITicketGrain? grain)
    {
        var parts = ticket.Split('/');
        grain = parts switch
        {
            ["export", { Length: > 0 } session, _] => grains.GetGrain<ISessionGrain>(session),
            ["shared", { Length: > 0 } id] => grains.GetGrain<ISharedTicketGrain>(id),
            ["scope", { Length: > 0 }] or ["scope", _, _, ..] or ["app", _, "field", _, ..] => grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key),
            _ => null,
        };
        return grain is not null;
    }
}

/// <summary>A grain that resolves tickets.</summary>
[GrainInterfaceType("wharf.ticket")]
[Alias("wharf.ITicketGrain")]
public interface ITicketGrain : IGrainWithStringKey
{
    /// <summary>Finds the object of a ticket that this grain resolves. Does not wait and adds no holder.</summary>
    /// <param name="ticket">The ticket's canonical text.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, or null if the ticket refers to nothing now.</returns>
    [Alias("Lookup")]
    Task<ObjectReference?> LookupAsync(string ticket, CancellationToken cancellationToken = default);
}
