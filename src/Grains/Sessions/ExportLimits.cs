namespace Wharf.Grains.Sessions;

/// <summary>How much one session may have.</summary>
/// <param name="LiveExports">Exports that are not given up, those that are only mentioned included.</param>
/// <param name="WaitingCalls">Pieces of work that are not finished.</param>
/// <param name="UndefinedWait">How long work waits for an export that nobody defines.</param>
/// <param name="RememberedFailures">How many failed exports keep their reason; of older ones only their ids are known.</param>
internal sealed record ExportLimits(int LiveExports, int WaitingCalls, TimeSpan UndefinedWait, int RememberedFailures = 10_000);
