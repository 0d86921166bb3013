using System.Collections.Immutable;
using Wharf.Grains.Fields;

namespace Wharf.Grains.Sessions;

/// <summary>A session: its principal, the times of its token, and its exports. The key is the session id. Only a login creates a session.</summary>
[GrainInterfaceType("wharf.session")]
[Alias("wharf.ISessionGrain")]
public interface ISessionGrain : ITicketGrain
{
    /// <summary>Creates the session.</summary>
    /// <param name="login">The login.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The times of the first token.</returns>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: too many sessions. ALREADY_EXISTS: the id is in use.</exception>
    [Alias("Login")]
    Task<SessionStatus> LoginAsync(SessionLogin login, CancellationToken cancellationToken = default);

    /// <summary>Checks that the session is alive. Renews its token if a fifth of the token's lifetime has passed.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The times of the current token.</returns>
    /// <exception cref="FaultException">UNAUTHENTICATED: the session does not exist.</exception>
    [Alias("Touch")]
    [ResponseTimeout(GrainLimits.QuickCall)]
    Task<SessionStatus> TouchAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the session: cancels or releases its exports, and completes its feeds and the waits of <see cref="AwaitEndAsync"/>.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the session has ended.</returns>
    [Alias("Close")]
    Task CloseAsync(SessionEndReason reason, CancellationToken cancellationToken = default);

    /// <summary>Waits for the end of the session, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The reason of the end, or null if the session is alive. A session that never existed has ended.</returns>
    [Alias("AwaitEnd")]
    [Repeatable]
    Task<SessionEndReason?> AwaitEndAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Submits an operation, whose result is an export or none. Waits for it at most <see cref="GrainLimits.LongestWait"/>. The call also touches the session,
    /// as <see cref="TouchAsync"/> does. Cancellation ends the wait; the operation continues.
    /// </summary>
    /// <param name="work">The operation.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The outcome; if it is pending, call <see cref="AwaitWorkAsync"/>.</returns>
    /// <exception cref="FaultException">
    /// The operation was rejected and no export was changed: INVALID_ARGUMENT (a bad or used id, id 0 as a source), FAILED_PRECONDITION (an unknown negative
    /// id, a released id, a cycle), RESOURCE_EXHAUSTED, UNAUTHENTICATED.
    /// </exception>
    [Alias("Submit")]
    Task<WorkOutcome> SubmitAsync(ExportWork work, CancellationToken cancellationToken = default);

    /// <summary>Waits for a pending operation, at most <see cref="GrainLimits.LongestWait"/>. Cancellation ends the wait; the operation continues.</summary>
    /// <param name="workId">The outcome's <see cref="WorkOutcome.WorkId"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="FaultException">UNAUTHENTICATED: the session ended.</exception>
    [Alias("AwaitWork")]
    [Repeatable]
    Task<WorkOutcome> AwaitWorkAsync(long workId, CancellationToken cancellationToken = default);

    /// <summary>Submits a batch of table operations that may use each other's results.</summary>
    /// <param name="batch">The operations.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The batch's id for <see cref="PullBatchAsync"/>.</returns>
    /// <exception cref="FaultException">The batch was rejected as a whole, under the conditions of <see cref="SubmitAsync"/>.</exception>
    [Alias("SubmitBatch")]
    Task<long> SubmitBatchAsync(BatchWork batch, CancellationToken cancellationToken = default);

    /// <summary>Waits for outcomes of a batch, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="cursor">The number of outcomes that the caller has.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The next outcomes, in the order of their completion.</returns>
    [Alias("PullBatch")]
    [Repeatable]
    Task<BatchOutcomes> PullBatchAsync(long batchId, int cursor, CancellationToken cancellationToken = default);

    /// <summary>Resolves tickets for a call or a stream. Waits for exports that are not available yet, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="request">The tickets, and the holder of the objects.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The objects, held; a fault; or pending: call <see cref="AwaitWorkAsync"/>.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: id 0. FAILED_PRECONDITION: an unknown negative id. UNAUTHENTICATED.</exception>
    [Alias("Resolve")]
    Task<WorkOutcome> ResolveAsync(ResolveRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Abandons a pending operation without an export, such as a resolve whose caller has gone. Releases the objects that the operation holds.
    /// </summary>
    /// <param name="workId">The operation.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the operation is removed.</returns>
    [Alias("Abandon")]
    Task AbandonAsync(long workId, CancellationToken cancellationToken = default);

    /// <summary>Creates exports of objects that a plugin sent, with the next negative ids.</summary>
    /// <param name="references">The objects, held by <paramref name="from"/>.</param>
    /// <param name="from">A key that makes the call idempotent, such as the stream and the number of the part.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The ids, in the order of the objects.</returns>
    /// <exception cref="FaultException">UNAUTHENTICATED, RESOURCE_EXHAUSTED.</exception>
    [Alias("ExportObjects")]
    Task<ImmutableArray<int>> ExportObjectsAsync(ImmutableArray<ObjectReference> references, string from, CancellationToken cancellationToken = default);

    /// <summary>Releases an export.</summary>
    /// <param name="exportId">The export.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the export is released and its shared tickets are withdrawn.</returns>
    /// <exception cref="FaultException">UNAVAILABLE: no call has used the export yet.</exception>
    [Alias("Release")]
    Task ReleaseAsync(int exportId, CancellationToken cancellationToken = default);

    /// <summary>Publishes an export under a shared ticket; does not wait for the export.</summary>
    /// <param name="exportId">The export.</param>
    /// <param name="sharedId">The hex text of the shared ticket's bytes.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when every session can fetch the export.</returns>
    /// <exception cref="FaultException">ALREADY_EXISTS: the ticket is taken.</exception>
    [Alias("Publish")]
    Task PublishAsync(int exportId, string sharedId, CancellationToken cancellationToken = default);

    /// <summary>Sets a variable to an object, as <see cref="BindWork"/> does with an export.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object, held by the caller during the call.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when all sessions that may see the variable can see it.</returns>
    /// <exception cref="FaultException">
    /// PERMISSION_DENIED: the name belongs to another principal. INVALID_ARGUMENT: the name is invalid. RESOURCE_EXHAUSTED, UNAUTHENTICATED.
    /// </exception>
    [Alias("PutVariable")]
    Task PutVariableAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken = default);

    /// <summary>Reads the variables in the session's own scope, waiting at most <see cref="GrainLimits.LongestWait"/> for a version other than the caller's.</summary>
    /// <param name="version">The version that the caller has; 0 returns at once.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The variables; empty at once for a session whose variables are shared.</returns>
    [Alias("ReadVariables")]
    [Repeatable]
    Task<FieldList> ReadVariablesAsync(long version, CancellationToken cancellationToken = default);

    /// <summary>Returns the object of a published export to another session; waits at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="fetch">The export, and the holder of the object.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, held; a fault, NOT_FOUND if the export is no longer published; or pending: call <see cref="AwaitWorkAsync"/>.</returns>
    /// <exception cref="FaultException">NOT_FOUND: the export is not published. UNAUTHENTICATED: the session does not exist.</exception>
    [Alias("FetchShared")]
    Task<WorkOutcome> FetchSharedAsync(SharedFetch fetch, CancellationToken cancellationToken = default);

    /// <summary>Returns whether the session publishes an export under a shared ticket.</summary>
    /// <param name="exportId">The export.</param>
    /// <param name="sharedId">The hex text of the shared ticket's bytes.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>False also if the session does not exist.</returns>
    [Alias("Publishes")]
    Task<bool> PublishesAsync(int exportId, string sharedId, CancellationToken cancellationToken = default);

    /// <summary>Follows the changes of the session's exports; waits at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="subscriber">The subscriber; its first call begins with the existing exports.</param>
    /// <param name="cursor">The number of notifications that the subscriber has.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The next notifications.</returns>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: the subscriber fell too far behind.</exception>
    [Alias("PullNotifications")]
    [Repeatable]
    Task<NotificationBatch> PullNotificationsAsync(string subscriber, long cursor, CancellationToken cancellationToken = default);

    /// <summary>Follows the session's table exports; waits at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="subscriber">The subscriber.</param>
    /// <param name="cursor">The number of updates that the subscriber has.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The next updates.</returns>
    [Alias("PullTableUpdates")]
    [Repeatable]
    Task<TableUpdateBatch> PullTableUpdatesAsync(string subscriber, long cursor, CancellationToken cancellationToken = default);

    /// <summary>Removes a subscriber.</summary>
    /// <param name="subscriber">The subscriber.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the subscriber is removed.</returns>
    [Alias("Unsubscribe")]
    Task UnsubscribeAsync(string subscriber, CancellationToken cancellationToken = default);
}
