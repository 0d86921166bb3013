using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>A side effect that the export table requests. Effects are applied in the order of the requests.</summary>
internal abstract record ExportEffect;

/// <summary>Notifies the followers of the session's exports.</summary>
internal sealed record NotifyEffect(int ExportId, ExportState State, string Context, string DependentHandle, ExportValue? Value) : ExportEffect;

/// <summary>Starts an operation whose sources are all available.</summary>
internal sealed record RunEffect(long Key) : ExportEffect;

/// <summary>Resolves a ticket elsewhere; the outcome is reported as that of the operation <paramref name="Key"/>.</summary>
internal sealed record ResolveEffect(long Key, string Ticket) : ExportEffect;

/// <summary>Cancels a running operation whose result is no longer needed. The end of the operation is still reported.</summary>
internal sealed record StopEffect(long Key) : ExportEffect;

/// <summary>Completes the operation for its caller.</summary>
/// <param name="Key">The operation.</param>
/// <param name="Value">The result.</param>
/// <param name="Fault">The failure.</param>
/// <param name="HasOwnStatus">Whether the fault ends a batch.</param>
internal sealed record AnswerEffect(long Key, ExportValue? Value, Fault? Fault, bool HasOwnStatus) : ExportEffect;

/// <summary>Releases an object that is no longer needed.</summary>
internal sealed record ReleaseEffect(int ExportId, long Key, ObjectReference Reference) : ExportEffect;

/// <summary>Frees a shared ticket.</summary>
internal sealed record WithdrawEffect(int ExportId, string SharedId) : ExportEffect;
