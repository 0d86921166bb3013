namespace Wharf.Protocol;

/// <summary>Where an export is in its life. The numbers are the wire's; a state only ever moves to a higher one.</summary>
public enum ExportState
{
    /// <summary>Something refers to the id; nothing has defined it.</summary>
    Unknown = 0,

    /// <summary>Defined, waiting for what it depends on.</summary>
    Pending = 1,

    /// <summary>Being published. Known to clients, not used here.</summary>
    Publishing = 2,

    /// <summary>Nothing left to wait for but its turn.</summary>
    Queued = 3,

    /// <summary>Being made.</summary>
    Running = 4,

    /// <summary>There.</summary>
    Exported = 5,

    /// <summary>Was there and was given up.</summary>
    Released = 6,

    /// <summary>Was given up before it was there.</summary>
    Cancelled = 7,

    /// <summary>Could not be made.</summary>
    Failed = 8,

    /// <summary>Something it depends on failed.</summary>
    DependencyFailed = 9,

    /// <summary>Nobody defined what it depends on.</summary>
    DependencyNeverFound = 10,

    /// <summary>Something it depends on was cancelled.</summary>
    DependencyCancelled = 11,

    /// <summary>Something it depends on had been released before.</summary>
    DependencyReleased = 12,
}

/// <summary>What can be asked of a state.</summary>
public static class ExportStates
{
    /// <summary>Whether the state is the last one of an export.</summary>
    /// <param name="state">The state.</param>
    /// <returns>True from <see cref="ExportState.Released"/> on.</returns>
    public static bool IsTerminal(this ExportState state) => state >= ExportState.Released;

    /// <summary>Whether the export will never have, or never had, a value.</summary>
    /// <param name="state">The state.</param>
    /// <returns>True from <see cref="ExportState.Cancelled"/> on.</returns>
    public static bool IsFailure(this ExportState state) => state >= ExportState.Cancelled;

    /// <summary>The state's name in the protocol, as texts and other clients write it.</summary>
    /// <param name="state">The state.</param>
    /// <returns>For example <c>DEPENDENCY_RELEASED</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The protocol has no such state.</exception>
    public static string WireName(this ExportState state) => state switch
    {
        ExportState.Unknown => "UNKNOWN",
        ExportState.Pending => "PENDING",
        ExportState.Publishing => "PUBLISHING",
        ExportState.Queued => "QUEUED",
        ExportState.Running => "RUNNING",
        ExportState.Exported => "EXPORTED",
        ExportState.Released => "RELEASED",
        ExportState.Cancelled => "CANCELLED",
        ExportState.Failed => "FAILED",
        ExportState.DependencyFailed => "DEPENDENCY_FAILED",
        ExportState.DependencyNeverFound => "DEPENDENCY_NEVER_FOUND",
        ExportState.DependencyCancelled => "DEPENDENCY_CANCELLED",
        ExportState.DependencyReleased => "DEPENDENCY_RELEASED",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "the protocol has no such state"),
    };
}
