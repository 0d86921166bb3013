using System.Collections.Immutable;
using Wharf.Grains;
using Wharf.Grains.Streams;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Tickets that a caller may use for one action. Only the methods of this type create them, after a call of the authorizer, and every lookup of a ticket requires them
/// (<c>SessionOperations</c>, <c>NamedFields</c>): a ticket that was not authorized cannot be looked up.
/// </summary>
/// <remarks>Exports of the caller's own session need no decision: the action that created the export was authorized.</remarks>
internal readonly struct AuthorizedTickets
{
    /// <summary>The first part of the text that names an operation of the same batch. No ticket has such a text.</summary>
    public const string BatchPrefix = "batch/";

    private const string OwnPrefix = ExportTicket.Word + "/";

    private readonly ImmutableArray<string> _texts;

    // The only allowed action of each ticket, or null if both are allowed. Default if both are allowed for all tickets.
    private readonly ImmutableArray<string?> _onlyActions;

    private AuthorizedTickets(ImmutableArray<string> texts, ImmutableArray<string?> onlyActions = default)
    {
        _texts = texts;
        _onlyActions = onlyActions;
    }

    /// <summary>The tickets in canonical text.</summary>
    /// <exception cref="InvalidOperationException">The tickets were not authorized.</exception>
    public ImmutableArray<string> Texts => _texts.IsDefault ? throw new InvalidOperationException("the tickets were not authorized") : _texts;

    /// <summary>The only ticket.</summary>
    public string Text => Texts is [var text] ? text : throw new InvalidOperationException("there is not exactly one ticket");

    /// <summary>Whether <see cref="DemandKinds"/> has something to check.</summary>
    public bool DependsOnKind => !_onlyActions.IsDefault;

    /// <summary>An export of the caller's session.</summary>
    public static AuthorizedTickets OfExport(int exportId) => new([new ExportTicket(exportId).Canonical]);

    /// <summary>Authorizes one action on each of the tickets.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public static ValueTask<AuthorizedTickets> AuthorizeAsync(
        Permissions permissions, CallerIdentity caller, string action, ImmutableArray<string> tickets, CancellationToken cancellationToken) =>
        permissions.AllowsEverything || AreOwn(tickets)
            ? ValueTask.FromResult(new AuthorizedTickets(tickets))
            : DemandAllAsync(permissions, caller, action, tickets, cancellationToken);

    /// <inheritdoc cref="AuthorizeAsync(Permissions, CallerIdentity, string, ImmutableArray{string}, CancellationToken)"/>
    public static ValueTask<AuthorizedTickets> AuthorizeAsync(
        Permissions permissions, CallerIdentity caller, string action, string ticket, CancellationToken cancellationToken) =>
        AuthorizeAsync(permissions, caller, action, [ticket], cancellationToken);

    /// <summary>Authorizes reading the sources of a table operation, or creating a table if the operation has no sources.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public static async ValueTask<AuthorizedTickets> AuthorizeSourcesAsync(
        Permissions permissions, CallerIdentity caller, ImmutableArray<string> tickets, CancellationToken cancellationToken)
    {
        if (tickets.IsEmpty)
            await permissions.DemandAsync(caller, GatewayActions.Create, "", cancellationToken);
        return await AuthorizeAsync(permissions, caller, GatewayActions.Read, tickets, cancellationToken);
    }

    /// <summary>
    /// Authorizes passing on the objects of the tickets. A table needs <see cref="GatewayActions.Read"/>, another object <see cref="GatewayActions.Connect"/>. A caller that has neither permission
    /// is refused before the lookup. A caller that has one of them is refused after it, by <see cref="DemandKinds"/>, if the object is of the other kind.
    /// </summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public static ValueTask<AuthorizedTickets> AuthorizeReferencesAsync(
        Permissions permissions, CallerIdentity caller, ImmutableArray<string> tickets, CancellationToken cancellationToken) =>
        permissions.AllowsEverything || AreOwn(tickets)
            ? ValueTask.FromResult(new AuthorizedTickets(tickets))
            : AuthorizeEitherAsync(permissions, caller, tickets, cancellationToken);

    /// <summary>Throws if the caller may not pass on one of the objects that the tickets resolved to.</summary>
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

    /// <summary>Throws unless the caller may pass on objects of both kinds: for operations that resolve the tickets later.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public void DemandEveryKind(Permissions permissions, CallerIdentity caller)
    {
        if (_onlyActions.IsDefault)
            return;
        int first = _onlyActions.IndexOf(_onlyActions.First(static action => action is not null));
        throw permissions.Deny(caller, _onlyActions[first] == GatewayActions.Read ? GatewayActions.Connect : GatewayActions.Read, Texts[first]);
    }

    private static async ValueTask<AuthorizedTickets> DemandAllAsync(
        Permissions permissions, CallerIdentity caller, string action, ImmutableArray<string> tickets, CancellationToken cancellationToken)
    {
        foreach (var ticket in tickets)
        {
            if (!IsOwn(ticket))
                await permissions.DemandAsync(caller, action, ticket, cancellationToken);
        }
        return new AuthorizedTickets(tickets);
    }

    private static async ValueTask<AuthorizedTickets> AuthorizeEitherAsync(
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
