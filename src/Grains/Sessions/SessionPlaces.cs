using System.Globalization;

namespace Wharf.Grains.Sessions;

/// <summary>
/// Counts the items of one kind of one session, within the limits of the session and of its principal. Not thread-safe: the session uses it on its scheduler.
/// </summary>
/// <param name="principal">The principal.</param>
/// <param name="counts">The counts of all principals.</param>
/// <param name="limit">The limits.</param>
internal sealed class SessionPlaces(string principal, PrincipalCounts counts, PlaceLimit limit)
{
    /// <summary>The number of items of the session.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED; the text names the setting.</exception>
    public void Enter()
    {
        if (Count >= limit.OfSession)
            throw limit.ExceededBySession();
        if (!counts.TryEnter(principal, limit.OfPrincipal))
            throw limit.ExceededByUser();
        Count++;
    }

    /// <summary>Removes an item.</summary>
    public void Leave()
    {
        Count--;
        counts.Leave(principal, 1);
    }

    /// <summary>Removes all items.</summary>
    public void LeaveAll()
    {
        counts.Leave(principal, Count);
        Count = 0;
    }
}

/// <summary>The limits of one kind of item.</summary>
/// <param name="What">The plural name of the items.</param>
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

    /// <summary>Creates the failure of a session that exceeds its limit.</summary>
    public FaultException ExceededBySession() => Exceeded("session", OfSession, SessionSetting);

    /// <summary>Creates the failure of a principal that exceeds its limit.</summary>
    public FaultException ExceededByUser() => Exceeded("user", OfPrincipal, PrincipalSetting);

    private FaultException Exceeded(string owner, int most, string setting) =>
        new(FaultCode.ResourceExhausted, string.Create(CultureInfo.InvariantCulture, $"A {owner} has at most {most} {What} ({SessionHosting.Section}:{setting})"));
}
