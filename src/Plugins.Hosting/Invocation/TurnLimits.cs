namespace Wharf.Plugins.Hosting;

/// <summary>The limits of a <see cref="TurnQueue"/>.</summary>
public sealed record TurnLimits
{
    /// <summary>The time limit of a handler, for turns without a limit of their own; null for no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The time that a turn waits behind a handler that is over its limit before the turn fails with UNAVAILABLE.</summary>
    public TimeSpan WaitBehindStuck { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of turns that a queue runs in a row before it yields the thread to other queues.</summary>
    public int TurnsPerHop { get; init; } = 64;
}
