namespace Wharf.Grains.Sessions;

/// <summary>The limits of one session.</summary>
/// <param name="LiveExports">The maximum number of exports that are not released, including ids that are only used as sources.</param>
/// <param name="WaitingCalls">The maximum number of operations that have not completed.</param>
/// <param name="UndefinedWait">The time after which an operation fails if its source is still undefined.</param>
/// <param name="StoredFailures">The maximum number of failed exports whose reason is stored; of older ones only the ids are stored.</param>
internal sealed record ExportLimits(int LiveExports, int WaitingCalls, TimeSpan UndefinedWait, int StoredFailures = 10_000);
