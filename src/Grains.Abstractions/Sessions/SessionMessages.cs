using System.Collections.Immutable;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Sessions;

/// <summary>A login that succeeded.</summary>
/// <param name="Caller">Who logged in; its session id is the grain's key.</param>
/// <param name="Address">Where from, for the limit of sessions per address.</param>
/// <param name="Duration">How long a token lives.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.SessionLogin")]
public sealed record SessionLogin([property: Id(0)] CallerIdentity Caller, [property: Id(1)] string Address, [property: Id(2)] TimeSpan Duration)
{
    /// <summary>The time at which the session ends, however often it is used; null if it may continue.</summary>
    [Id(3)]
    public DateTimeOffset? EndsAt { get; init; }
}

/// <summary>A live session and its current token: the gateway signs these times into the token's text.</summary>
/// <param name="Caller">Who is logged in.</param>
/// <param name="IssuedMilliseconds">When the current token was issued, in milliseconds since 1970.</param>
/// <param name="DeadlineMilliseconds">Until when it is good.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.SessionStatus")]
public sealed record SessionStatus(
    [property: Id(0)] CallerIdentity Caller, [property: Id(1)] long IssuedMilliseconds, [property: Id(2)] long DeadlineMilliseconds);

/// <summary>Why a session ended.</summary>
[GenerateSerializer]
[Alias("wharf.SessionEndReason")]
public enum SessionEndReason
{
    /// <summary>The client closed it.</summary>
    Closed = 0,

    /// <summary>Its newest token ran out.</summary>
    Expired = 1,

    /// <summary>The server stops.</summary>
    Shutdown = 2,

    /// <summary>There is no such session: it never was, or it was lost with its node.</summary>
    Unknown = 3,
}

/// <summary>Tickets to resolve for a call or a stream.</summary>
/// <param name="Tickets">Canonical texts; an export of this session is <c>export/{id}</c>.</param>
/// <param name="Holder">Who will hold the objects.</param>
/// <param name="Lease">How long, unless renewed; null for a holder that always lets go.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ResolveRequest")]
public sealed record ResolveRequest(
    [property: Id(0)] ImmutableArray<string> Tickets, [property: Id(1)] string Holder, [property: Id(2)] TimeSpan? Lease);

/// <summary>One session fetches what another one publishes.</summary>
/// <param name="ExportId">The publisher's export.</param>
/// <param name="SharedId">The hex text of the shared ticket's bytes.</param>
/// <param name="Holder">Who will hold the object.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.SharedFetch")]
public sealed record SharedFetch([property: Id(0)] int ExportId, [property: Id(1)] string SharedId, [property: Id(2)] string Holder);

/// <summary>How far work has come.</summary>
/// <param name="WorkId">The work, to ask again while it is pending.</param>
/// <param name="IsDone">False while it is pending.</param>
/// <param name="References">The result, or the objects that were asked for; empty for work without one.</param>
/// <param name="Table">The result's description if it is a table that the work made or fetched.</param>
/// <param name="Fault">Why it failed, if it did.</param>
/// <param name="Session">The session as it is now, for a call that did not touch it before it submitted work.</param>
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

/// <summary>A table's description as it crosses nodes.</summary>
/// <param name="Schema">The schema as an encapsulated IPC message.</param>
/// <param name="Size">The number of rows.</param>
/// <param name="IsStatic">Whether it never changes.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableSummary")]
public sealed record TableSummary([property: Id(0)] ReadOnlyMemory<byte> Schema, [property: Id(1)] long Size, [property: Id(2)] bool IsStatic);
