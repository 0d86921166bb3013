namespace Wharf.Protocol;

/// <summary>The state of an export. The numbers are those of the protocol; a transition always leads to a higher number.</summary>
public enum ExportState
{
    /// <summary>The id is referenced but not yet defined.</summary>
    Unknown = 0,

    /// <summary>Defined, waiting for its dependencies.</summary>
    Pending = 1,

    /// <summary>Being published. Defined by the protocol; not used by this server.</summary>
    Publishing = 2,

    /// <summary>All dependencies are available; the export waits to be run.</summary>
    Queued = 3,

    /// <summary>The operation that produces the export is running.</summary>
    Running = 4,

    /// <summary>Available.</summary>
    Exported = 5,

    /// <summary>Released after it was available.</summary>
    Released = 6,

    /// <summary>Cancelled before it was available.</summary>
    Cancelled = 7,

    /// <summary>The operation that produces the export failed.</summary>
    Failed = 8,

    /// <summary>A dependency failed.</summary>
    DependencyFailed = 9,

    /// <summary>A dependency was not defined in time.</summary>
    DependencyNeverFound = 10,

    /// <summary>A dependency was cancelled.</summary>
    DependencyCancelled = 11,

    /// <summary>A dependency had already been released.</summary>
    DependencyReleased = 12,
}

/// <summary>Extension methods of <see cref="ExportState"/>.</summary>
public static class ExportStates
{
    /// <summary>Returns whether the state is final.</summary>
    /// <param name="state">The state.</param>
    /// <returns>True from <see cref="ExportState.Released"/> on.</returns>
    public static bool IsTerminal(this ExportState state) => state >= ExportState.Released;

    /// <summary>Returns whether the export did not and will not produce a value.</summary>
    /// <param name="state">The state.</param>
    /// <returns>True from <see cref="ExportState.Cancelled"/> on.</returns>
    public static bool IsFailure(this ExportState state) => state >= ExportState.Cancelled;

    /// <summary>Returns the name of the state in the protocol.</summary>
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
