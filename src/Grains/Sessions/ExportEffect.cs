using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>What the export table asks the world to do; to be done in the order in which it was asked.</summary>
internal abstract record ExportEffect;

/// <summary>Followers of the session's exports are told.</summary>
internal sealed record NotifyEffect(int ExportId, ExportState State, string Context, string DependentHandle, ExportValue? Value) : ExportEffect;

/// <summary>Everything that the work waits for is there: it may start.</summary>
internal sealed record RunEffect(long Key) : ExportEffect;

/// <summary>The ticket is to be resolved where it is answered; the outcome comes back as that of the work <paramref name="Key"/>.</summary>
internal sealed record ResolveEffect(long Key, string Ticket) : ExportEffect;

/// <summary>Nobody wants the running work's result any more. It is not interrupted by force; its end is still reported.</summary>
internal sealed record StopEffect(long Key) : ExportEffect;

/// <summary>The work is over for the one who waits for it.</summary>
/// <param name="Key">The work.</param>
/// <param name="Value">Its result.</param>
/// <param name="Fault">Why it failed.</param>
/// <param name="HasOwnStatus">Whether the fault is one that ends a batch.</param>
internal sealed record AnswerEffect(long Key, ExportValue? Value, Fault? Fault, bool HasOwnStatus) : ExportEffect;

/// <summary>Nothing here needs the object any more.</summary>
internal sealed record LetGoEffect(int ExportId, long Key, ObjectReference Reference) : ExportEffect;

/// <summary>The shared ticket is free again.</summary>
internal sealed record WithdrawEffect(int ExportId, string SharedId) : ExportEffect;
