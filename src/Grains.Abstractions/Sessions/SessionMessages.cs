using System.Collections.Immutable;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Sessions;

/// <summary>A successful login.</summary>
/// <param name="Caller">The caller; its session id is the key of the grain.</param>
/// <param name="Address">The address of the client, for the limit of sessions per address.</param>
/// <param name="Duration">The lifetime of a token.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.SessionLogin")]
public sealed record SessionLogin([property: Id(0)] CallerIdentity Caller, [property: Id(1)] string Address, [property: Id(2)] TimeSpan Duration)
{
    /// <summary>The time at which the session ends regardless of its use; null for no such time.</summary>
    [Id(3)]
    public DateTimeOffset? EndsAt { get; init; }
}

/// <summary>A live session and its current token. The gateway signs these times into the token.</summary>
/// <param name="Caller">The caller that is logged in.</param>
/// <param name="IssuedMilliseconds">The time at which the current token was issued, in milliseconds since 1970.</param>
/// <param name="DeadlineMilliseconds">The time at which it expires.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.SessionStatus")]
public sealed record SessionStatus(
    [property: Id(0)] CallerIdentity Caller, [property: Id(1)] long IssuedMilliseconds, [property: Id(2)] long DeadlineMilliseconds);

/// <summary>The reason why a session ended.</summary>
[GenerateSerializer]
[Alias("wharf.SessionEndReason")]
public enum SessionEndReason
{
    /// <summary>The client closed the session.</summary>
    Closed = 0,

    /// <summary>The newest token of the session expired.</summary>
    Expired = 1,

    /// <summary>The server is shutting down.</summary>
    Shutdown = 2,

    /// <summary>The session does not exist: it never existed, or it was lost with its node.</summary>
    Unknown = 3,
}

/// <summary>Tickets to resolve for a call or a stream.</summary>
/// <param name="Tickets">Canonical texts; an export of this session is <c>export/{id}</c>.</param>
/// <param name="Holder">The holder of the objects.</param>
/// <param name="Lease">The time after which the hold expires unless it is renewed; null for a hold that is always released.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ResolveRequest")]
public sealed record ResolveRequest(
    [property: Id(0)] ImmutableArray<string> Tickets, [property: Id(1)] string Holder, [property: Id(2)] TimeSpan? Lease);

/// <summary>The request of a session for an export that another session publishes.</summary>
/// <param name="ExportId">The publisher's export.</param>
/// <param name="SharedId">The hex text of the shared ticket's bytes.</param>
/// <param name="Holder">The holder of the object.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.SharedFetch")]
public sealed record SharedFetch([property: Id(0)] int ExportId, [property: Id(1)] string SharedId, [property: Id(2)] string Holder);

/// <summary>The progress of an operation.</summary>
/// <param name="WorkId">The id of the operation, for calls while it is pending.</param>
/// <param name="IsDone">Whether the operation has completed.</param>
/// <param name="References">The result, or the resolved objects; empty for an operation without a result.</param>
/// <param name="Table">The description of the result if it is a table that the operation created or fetched.</param>
/// <param name="Fault">The failure, if it failed.</param>
/// <param name="Session">The current session, for a call that submits an operation without a call to touch the session.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.WorkOutcome")]
public sealed record WorkOutcome(
    [property: Id(0)] long WorkId,
    [property: Id(1)] bool IsDone,
    [property: Id(2)] ImmutableArray<ObjectReference> References,
    [property: Id(3)] TableSummary? Table,
    [property: Id(4)] Fault? Fault,
    [property: Id(5)] SessionStatus? Session = null);

/// <summary>The description of a table.</summary>
/// <param name="Schema">The schema as an encapsulated IPC message.</param>
/// <param name="Size">The number of rows.</param>
/// <param name="IsStatic">Whether the table never changes.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableSummary")]
public sealed record TableSummary([property: Id(0)] ReadOnlyMemory<byte> Schema, [property: Id(1)] long Size, [property: Id(2)] bool IsStatic);
