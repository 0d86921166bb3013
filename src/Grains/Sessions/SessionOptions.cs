using System.ComponentModel.DataAnnotations;

namespace Wharf.Grains.Sessions;

/// <summary>The limits of sessions; section <c>Sessions</c> of the configuration.</summary>
public sealed class SessionOptions
{
    /// <summary>The maximum number of sessions on one silo.</summary>
    [Range(1, int.MaxValue)]
    public int MaxSessions { get; set; } = 100_000;

    /// <summary>The maximum number of sessions of one address on one silo.</summary>
    [Range(1, int.MaxValue)]
    public int MaxSessionsPerAddress { get; set; } = 1_000;

    /// <summary>The maximum number of exports of one session that are not released.</summary>
    [Range(1, int.MaxValue)]
    public int MaxLiveExports { get; set; } = 1_000_000;

    /// <summary>
    /// The maximum number of variables of one session: those that it created in the shared scope and that still exist, or those in its own scope.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxVariables { get; set; } = 10_000;

    /// <summary>
    /// The maximum number of variables of one user, or of one plugin, in all sessions. Anonymous sessions are counted by address, on one silo.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxVariablesPerUser { get; set; } = 100_000;

    /// <summary>The maximum number of objects that one user created through the object <c>objects</c> and that still exist.</summary>
    [Range(1, int.MaxValue)]
    public int MaxCreatedObjectsPerUser { get; set; } = 10_000;

    /// <summary>The maximum number of shared tickets of one session.</summary>
    [Range(1, int.MaxValue)]
    public int MaxSharedTickets { get; set; } = 1_000;

    /// <summary>The maximum number of shared tickets of one user on one silo. Anonymous sessions are counted by address.</summary>
    [Range(1, int.MaxValue)]
    public int MaxSharedTicketsPerUser { get; set; } = 10_000;

    /// <summary>
    /// Whether the variables of anonymous sessions are in the scope that all sessions share. Otherwise each anonymous session has a scope of its own, which
    /// other sessions do not see.
    /// </summary>
    public bool ShareAnonymousVariables { get; set; }

    /// <summary>The maximum number of waiting calls of one session.</summary>
    [Range(1, int.MaxValue)]
    public int MaxWaitingCalls { get; set; } = 10_000;

    /// <summary>The maximum number of waiting calls in all sessions of one user of a login scheme, or of one address without a login, on one silo.</summary>
    [Range(1, int.MaxValue)]
    public int MaxWaitingCallsPerPrincipal { get; set; } = 50_000;

    /// <summary>The time after which a call fails that waits for an undefined export.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "10675199.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan UndefinedExportWait { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The maximum number of unread notifications of a follower of a session's exports.</summary>
    [Range(1, int.MaxValue)]
    public int MaxUnreadNotifications { get; set; } = 100_000;

    /// <summary>The maximum number of followers of one session's exports.</summary>
    [Range(1, int.MaxValue)]
    public int MaxFollowers { get; set; } = 1_000;

    /// <summary>The time for which the outcome of a call is kept until it is fetched.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "10675199.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan OutcomeRetention { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The time for which an ended session still answers its followers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "10675199.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan EndedRetention { get; set; } = TimeSpan.FromSeconds(30);
}
