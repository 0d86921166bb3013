using System.Collections.Immutable;
using Wharf.Grains;
using Wharf.Grains.Streams;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Tickets that a caller may use for one action. Only the methods of this type make them, after they asked the authorizer, and every way from a ticket to an object takes them
/// (<c>SessionWork</c>, <c>NamedFields</c>): a ticket that was not authorized cannot be looked up.
/// </summary>
/// <remarks>An export of the caller's own session is not asked about: the action that made it was authorized.</remarks>
internal readonly struct AuthorizedTickets
{
    /// <summary>The first part of the text that names an operation of the same batch. No ticket has such a text.</summary>
    public const string BatchPrefix = "batch/";

    private const string OwnPrefix = ExportTicket.Word + "/";

    private readonly ImmutableArray<string> _texts;

    // Of each reference, the one action that is allowed; null where both are. The default where that is true of all.
    private readonly ImmutableArray<string?> _onlyActions;

    private AuthorizedTickets(ImmutableArray<string> texts, ImmutableArray<string?> onlyActions = default)
    {
        _texts = texts;
        _onlyActions = onlyActions;
    }

    /// <summary>The tickets in canonical text.</summary>
    /// <exception cref="InvalidOperationException">No authorizer was asked.</exception>
    public ImmutableArray<string> Texts => _texts.IsDefault ? throw new InvalidOperationException("the tickets were not authorized") : _texts;

    /// <summary>The one ticket.</summary>
    public string Text => Texts is [var text] ? text : throw new InvalidOperationException("there is not exactly one ticket");

    /// <summary>Whether <see cref="DemandKinds"/> has something to check.</summary>
    public bool DependsOnKind => !_onlyActions.IsDefault;

    /// <summary>An export of the caller's session.</summary>
    public static AuthorizedTickets OfExport(int exportId) => new([new ExportTicket(exportId).Canonical]);

    /// <summary>Asks whether the caller may do one action on each of the tickets.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public static ValueTask<AuthorizedTickets> AuthorizeAsync(
        Permissions permissions, CallerIdentity caller, string action, ImmutableArray<string> tickets, CancellationToken cancellationToken) =>
        permissions.AllowsEverything || AreOwn(tickets)
            ? ValueTask.FromResult(new AuthorizedTickets(tickets))
            : AskAsync(permissions, caller, action, tickets, cancellationToken);

    /// <inheritdoc cref="AuthorizeAsync(Permissions, CallerIdentity, string, ImmutableArray{string}, CancellationToken)"/>
    public static ValueTask<AuthorizedTickets> AuthorizeAsync(
        Permissions permissions, CallerIdentity caller, string action, string ticket, CancellationToken cancellationToken) =>
        AuthorizeAsync(permissions, caller, action, [ticket], cancellationToken);

    /// <summary>Asks whether the caller may read the sources of a table operation, or make a table out of nothing where there are none.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public static async ValueTask<AuthorizedTickets> AuthorizeSourcesAsync(
        Permissions permissions, CallerIdentity caller, ImmutableArray<string> tickets, CancellationToken cancellationToken)
    {
        if (tickets.IsEmpty)
            await permissions.DemandAsync(caller, GatewayActions.Create, "", cancellationToken);
        return await AuthorizeAsync(permissions, caller, GatewayActions.Read, tickets, cancellationToken);
    }

    /// <summary>
    /// Asks whether the caller may pass on the objects behind the tickets. A table needs <see cref="GatewayActions.Read"/> and another object <see cref="GatewayActions.Connect"/>: a caller who is
    /// allowed one of the two only is refused once the object is known, see <see cref="DemandKinds"/>, and one who is allowed neither before it is looked up.
    /// </summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public static ValueTask<AuthorizedTickets> AuthorizeReferencesAsync(
        Permissions permissions, CallerIdentity caller, ImmutableArray<string> tickets, CancellationToken cancellationToken) =>
        permissions.AllowsEverything || AreOwn(tickets)
            ? ValueTask.FromResult(new AuthorizedTickets(tickets))
            : AskForEitherAsync(permissions, caller, tickets, cancellationToken);

    /// <summary>Completes only if the caller may pass on these objects, which the tickets named.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public void DemandKinds(Permissions permissions, CallerIdentity caller, ImmutableArray<ObjectReference> references)
    {
        if (_onlyActions.IsDefault)
            return;
        for (int index = 0; index < references.Length; index++)
        {
            var needed = references[index].Kind == ObjectKind.Table ? GatewayActions.Read : GatewayActions.Connect;
            if (_onlyActions[index] is { } only && only != needed)
                throw permissions.Deny(caller, needed, Texts[index]);
        }
    }

    /// <summary>Completes only if the caller may pass on the objects of whatever kind they are: for work that looks them up later.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public void DemandEveryKind(Permissions permissions, CallerIdentity caller)
    {
        if (_onlyActions.IsDefault)
            return;
        int first = _onlyActions.IndexOf(_onlyActions.First(static action => action is not null));
        throw permissions.Deny(caller, _onlyActions[first] == GatewayActions.Read ? GatewayActions.Connect : GatewayActions.Read, Texts[first]);
    }

    private static async ValueTask<AuthorizedTickets> AskAsync(
        Permissions permissions, CallerIdentity caller, string action, ImmutableArray<string> tickets, CancellationToken cancellationToken)
    {
        foreach (var ticket in tickets)
        {
            if (!IsOwn(ticket))
                await permissions.DemandAsync(caller, action, ticket, cancellationToken);
        }
        return new AuthorizedTickets(tickets);
    }

    private static async ValueTask<AuthorizedTickets> AskForEitherAsync(
        Permissions permissions, CallerIdentity caller, ImmutableArray<string> tickets, CancellationToken cancellationToken)
    {
        var onlyActions = new string?[tickets.Length];
        bool dependOnKind = false;
        for (int index = 0; index < tickets.Length; index++)
        {
            if (IsOwn(tickets[index]))
                continue;
            bool canRead = await permissions.AllowsAsync(caller, GatewayActions.Read, tickets[index], cancellationToken);
            bool canConnect = await permissions.AllowsAsync(caller, GatewayActions.Connect, tickets[index], cancellationToken);
            if (!canRead && !canConnect)
                throw permissions.Deny(caller, GatewayActions.Connect, tickets[index]);
            if (canRead == canConnect)
                continue;
            onlyActions[index] = canRead ? GatewayActions.Read : GatewayActions.Connect;
            dependOnKind = true;
        }
        return new AuthorizedTickets(tickets, dependOnKind ? [.. onlyActions] : default);
    }

    private static bool AreOwn(ImmutableArray<string> tickets)
    {
        foreach (var ticket in tickets)
        {
            if (!IsOwn(ticket))
                return false;
        }
        return true;
    }

    private static bool IsOwn(string ticket) =>
        ticket.StartsWith(OwnPrefix, StringComparison.Ordinal) || ticket.StartsWith(BatchPrefix, StringComparison.Ordinal);
}
