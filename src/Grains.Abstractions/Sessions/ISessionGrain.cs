using System.Collections.Immutable;
using Wharf.Grains.Fields;

namespace Wharf.Grains.Sessions;

/// <summary>A session: who is logged in, until when, and its exports. The key is the session id. Only a login makes one.</summary>
[GrainInterfaceType("wharf.session")]
[Alias("wharf.ISessionGrain")]
public interface ISessionGrain : ITicketGrain
{
    /// <summary>Makes the session.</summary>
    /// <param name="login">Who logs in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The first token's times.</returns>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: too many sessions. ALREADY_EXISTS: the id is in use.</exception>
    [Alias("Login")]
    Task<SessionStatus> LoginAsync(SessionLogin login, CancellationToken cancellationToken = default);

    /// <summary>Asks whether the session is alive, and renews its token once a fifth of the token's life has passed.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The current token's times.</returns>
    /// <exception cref="FaultException">UNAUTHENTICATED: there is no such session.</exception>
    [Alias("Touch")]
    [ResponseTimeout(GrainLimits.QuickCall)]
    Task<SessionStatus> TouchAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the session: exports are cancelled or released, feeds complete, whoever waits in <see cref="AwaitEndAsync"/> is told.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when it has ended.</returns>
    [Alias("Close")]
    Task CloseAsync(SessionEndReason reason, CancellationToken cancellationToken = default);

    /// <summary>Waits for the session's end, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it ended, or null while it goes on. A session that never was has ended, too.</returns>
    [Alias("AwaitEnd")]
    [Repeatable]
    Task<SessionEndReason?> AwaitEndAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes work whose result is an export, or none. Waits for it at most <see cref="GrainLimits.LongestWait"/>. The session is touched by that, as by <see cref="TouchAsync"/>.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Gives up waiting; the work goes on.</param>
    /// <returns>The outcome; if it is pending, ask again with <see cref="AwaitWorkAsync"/>.</returns>
    /// <exception cref="FaultException">
    /// The work was refused and no export was touched: INVALID_ARGUMENT (a bad or used id, id 0 as a source), FAILED_PRECONDITION (an unknown negative id, a released id,
    /// a cycle), RESOURCE_EXHAUSTED, UNAUTHENTICATED.
    /// </exception>
    [Alias("Submit")]
    Task<WorkOutcome> SubmitAsync(ExportWork work, CancellationToken cancellationToken = default);

    /// <summary>Waits further for work that was pending.</summary>
    /// <param name="workId">The outcome's <see cref="WorkOutcome.WorkId"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the work goes on.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="FaultException">UNAUTHENTICATED: the session ended.</exception>
    [Alias("AwaitWork")]
    [Repeatable]
    Task<WorkOutcome> AwaitWorkAsync(long workId, CancellationToken cancellationToken = default);

    /// <summary>Takes a batch of table operations that may use each other's results.</summary>
    /// <param name="batch">The operations.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The batch's id for <see cref="PullBatchAsync"/>.</returns>
    /// <exception cref="FaultException">The whole batch was refused, as for <see cref="SubmitAsync"/>.</exception>
    [Alias("SubmitBatch")]
    Task<long> SubmitBatchAsync(BatchWork batch, CancellationToken cancellationToken = default);

    /// <summary>Waits for outcomes of a batch, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="cursor">How many outcomes the caller has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Further outcomes, in the order in which they came.</returns>
    [Alias("PullBatch")]
    [Repeatable]
    Task<BatchOutcomes> PullBatchAsync(long batchId, int cursor, CancellationToken cancellationToken = default);

    /// <summary>Finds the objects behind tickets for a call or a stream, waiting for exports that are not there yet (at most <see cref="GrainLimits.LongestWait"/>).</summary>
    /// <param name="request">The tickets, and who will hold the objects.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The objects, held; or a fault; or pending: ask again with <see cref="AwaitWorkAsync"/>.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: id 0. FAILED_PRECONDITION: an unknown negative id. UNAUTHENTICATED.</exception>
    [Alias("Resolve")]
    Task<WorkOutcome> ResolveAsync(ResolveRequest request, CancellationToken cancellationToken = default);

    /// <summary>Gives up pending work that has no export (a resolve whose caller went away). What it held is let go.</summary>
    /// <param name="workId">The work.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is forgotten.</returns>
    [Alias("Abandon")]
    Task AbandonAsync(long workId, CancellationToken cancellationToken = default);

    /// <summary>Makes exports of objects that a plugin sent, with the next negative ids.</summary>
    /// <param name="references">The objects, held by <paramref name="from"/> meanwhile.</param>
    /// <param name="from">A key that makes a repeated call do nothing twice, such as the stream and the part's number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The ids, in the order of the objects.</returns>
    /// <exception cref="FaultException">UNAUTHENTICATED, RESOURCE_EXHAUSTED.</exception>
    [Alias("ExportObjects")]
    Task<ImmutableArray<int>> ExportObjectsAsync(ImmutableArray<ObjectReference> references, string from, CancellationToken cancellationToken = default);

    /// <summary>Releases an export.</summary>
    /// <param name="exportId">The export.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is released and its shared tickets are withdrawn.</returns>
    /// <exception cref="FaultException">UNAVAILABLE: no such export was ever mentioned.</exception>
    [Alias("Release")]
    Task ReleaseAsync(int exportId, CancellationToken cancellationToken = default);

    /// <summary>Publishes an export under a shared ticket; does not wait for the export.</summary>
    /// <param name="exportId">The export.</param>
    /// <param name="sharedId">The hex text of the shared ticket's bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when every session can fetch it.</returns>
    /// <exception cref="FaultException">ALREADY_EXISTS: the ticket is taken.</exception>
    [Alias("Publish")]
    Task PublishAsync(int exportId, string sharedId, CancellationToken cancellationToken = default);

    /// <summary>Puts an object into a variable, as <see cref="BindWork"/> does with an export.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object, held by the caller meanwhile.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when all sessions that may see the variable can see it.</returns>
    /// <exception cref="FaultException">PERMISSION_DENIED: the name belongs to another principal. INVALID_ARGUMENT: it is not a name. RESOURCE_EXHAUSTED, UNAUTHENTICATED.</exception>
    [Alias("PutVariable")]
    Task PutVariableAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken = default);

    /// <summary>Reads the variables in the session's own scope, waiting at most <see cref="GrainLimits.LongestWait"/> for a version other than the caller's.</summary>
    /// <param name="version">The version that the caller has; 0 returns at once.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The variables. A session whose variables are shared has none, and returns at once.</returns>
    [Alias("ReadVariables")]
    [Repeatable]
    Task<FieldList> ReadVariablesAsync(long version, CancellationToken cancellationToken = default);

    /// <summary>Finds the object of an export that this session publishes, for another session; waits at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="fetch">What is fetched, and who will hold it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The object, held; or a fault, NOT_FOUND when it is not published any more; or pending: ask again with <see cref="AwaitWorkAsync"/>.</returns>
    /// <exception cref="FaultException">NOT_FOUND: it is not published. UNAUTHENTICATED: there is no such session.</exception>
    [Alias("FetchShared")]
    Task<WorkOutcome> FetchSharedAsync(SharedFetch fetch, CancellationToken cancellationToken = default);

    /// <summary>Asks whether this session publishes an export under a shared ticket now.</summary>
    /// <param name="exportId">The export.</param>
    /// <param name="sharedId">The hex text of the shared ticket's bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False, too, when there is no such session.</returns>
    [Alias("Publishes")]
    Task<bool> PublishesAsync(int exportId, string sharedId, CancellationToken cancellationToken = default);

    /// <summary>Follows the changes of the session's exports; waits at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="subscriber">Who follows; the first call of a subscriber begins with what is there.</param>
    /// <param name="cursor">How many notifications the subscriber has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Further notifications.</returns>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: the subscriber fell too far behind.</exception>
    [Alias("PullNotifications")]
    [Repeatable]
    Task<NotificationBatch> PullNotificationsAsync(string subscriber, long cursor, CancellationToken cancellationToken = default);

    /// <summary>Follows the session's table exports; waits at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="subscriber">Who follows.</param>
    /// <param name="cursor">How many updates the subscriber has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Further updates.</returns>
    [Alias("PullTableUpdates")]
    [Repeatable]
    Task<TableUpdateBatch> PullTableUpdatesAsync(string subscriber, long cursor, CancellationToken cancellationToken = default);

    /// <summary>Forgets a subscriber.</summary>
    /// <param name="subscriber">Who followed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is forgotten.</returns>
    [Alias("Unsubscribe")]
    Task UnsubscribeAsync(string subscriber, CancellationToken cancellationToken = default);
}
