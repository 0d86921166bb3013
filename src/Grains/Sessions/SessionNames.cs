using Microsoft.Extensions.Options;
using Wharf.Grains.Fields;
using Wharf.Grains.Management;

namespace Wharf.Grains.Sessions;

/// <summary>Creates the variables and shared-ticket counts of new sessions from the settings.</summary>
internal sealed class SessionNames(IOptions<SessionOptions> options, IOptions<ManagementOptions> managers)
{
    private readonly PrincipalCounts _sharedTickets = new();
    private readonly PrincipalCounts _variables = new();

    /// <summary>Creates the count of shared tickets of a new session.</summary>
    public SessionPlaces SharedTicketsOf(SessionLogin login) => new(FieldOwners.CountedPrincipalOf(login), _sharedTickets, PlaceLimit.SharedTickets(options.Value));

    /// <summary>Creates the variables of a new session.</summary>
    public SessionVariables VariablesOf(SessionLogin login, RetryingCalls calls, TimeProvider time)
    {
        var claim = FieldOwners.ClaimOf(login.Caller, managers.Value);
        var isOwn = FieldOwners.IsAnonymous(login.Caller) && !claim.MayReplaceOthers && !options.Value.ShareAnonymousVariables;
        var places = new SessionPlaces(FieldOwners.CountedPrincipalOf(login), _variables, PlaceLimit.Variables(options.Value));
        return new SessionVariables(claim, isOwn ? new OwnScope(login.Caller.SessionId, places, calls, time) : null, FieldOwners.IsAnonymous(login.Caller), calls, time);
    }
}
