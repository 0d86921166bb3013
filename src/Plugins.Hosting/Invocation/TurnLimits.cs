namespace Wharf.Plugins.Hosting;

/// <summary>What a <see cref="TurnQueue"/> puts up with.</summary>
public sealed record TurnLimits
{
    /// <summary>How long a handler may take, for turns that do not say; null for no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>How long a turn waits behind a handler that is over its limit before it fails with UNAVAILABLE.</summary>
    public TimeSpan WaitBehindStuck { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so many turns in a row a queue lets others have the thread.</summary>
    public int TurnsPerHop { get; init; } = 64;
}
