using System.Globalization;

namespace Wharf.Grains.Sessions;

/// <summary>What one session has of one kind, within the limits of the session and of its principal. To be used on the session's scheduler.</summary>
/// <param name="principal">The principal.</param>
/// <param name="counts">The counts of all principals.</param>
/// <param name="limit">The limits.</param>
internal sealed class SessionPlaces(string principal, PrincipalCounts counts, PlaceLimit limit)
{
    /// <summary>How many the session has.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a place.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED; the text names the setting.</exception>
    public void Enter()
    {
        if (Count >= limit.OfSession)
            throw limit.ExceededBySession();
        if (!counts.TryEnter(principal, limit.OfPrincipal))
            throw limit.ExceededByUser();
        Count++;
    }

    /// <summary>Returns a place.</summary>
    public void Leave()
    {
        Count--;
        counts.Leave(principal, 1);
    }

    /// <summary>Returns all places.</summary>
    public void LeaveAll()
    {
        counts.Leave(principal, Count);
        Count = 0;
    }
}

/// <summary>The limits of one kind of thing.</summary>
/// <param name="What">The things, in the plural.</param>
/// <param name="OfSession">The maximum of a session.</param>
/// <param name="SessionSetting">The setting of that maximum.</param>
/// <param name="OfPrincipal">The maximum of a principal.</param>
/// <param name="PrincipalSetting">The setting of that maximum.</param>
internal sealed record PlaceLimit(string What, int OfSession, string SessionSetting, int OfPrincipal, string PrincipalSetting)
{
    /// <summary>The limits of shared tickets.</summary>
    public static PlaceLimit SharedTickets(SessionOptions options) => new(
        "shared tickets", options.MaxSharedTickets, nameof(options.MaxSharedTickets), options.MaxSharedTicketsPerUser, nameof(options.MaxSharedTicketsPerUser));

    /// <summary>The limits of variables.</summary>
    public static PlaceLimit Variables(SessionOptions options) => new(
        "variables", options.MaxVariables, nameof(options.MaxVariables), options.MaxVariablesPerUser, nameof(options.MaxVariablesPerUser));

    /// <summary>The limit of objects that a principal created.</summary>
    public static PlaceLimit CreatedObjects(SessionOptions options) => new(
        "created objects", int.MaxValue, "", options.MaxCreatedObjectsPerUser, nameof(options.MaxCreatedObjectsPerUser));

    /// <summary>The failure of a session past its limit.</summary>
    public FaultException ExceededBySession() => Exceeded("session", OfSession, SessionSetting);

    /// <summary>The failure of a principal past its limit.</summary>
    public FaultException ExceededByUser() => Exceeded("user", OfPrincipal, PrincipalSetting);

    private FaultException Exceeded(string owner, int most, string setting) =>
        new(FaultCode.ResourceExhausted, string.Create(CultureInfo.InvariantCulture, $"A {owner} has at most {most} {What} ({SessionHosting.Section}:{setting})"));
}
