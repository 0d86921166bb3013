using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Wharf.Grains.Fields;
using Wharf.Grains.Objects;
using Wharf.Grains.Tables;
using Wharf.Protocol;
using Wharf.Tables;

namespace Wharf.Grains.Sessions;

/// <summary>
/// A session. Orleans activates any id, but only a login creates a session. State changes within one turn, so that calls may interleave; long operations run
/// concurrently. The grain is placed on the silo where its client logged in.
/// </summary>
[Reentrant]
[PreferLocalPlacement]
[GrainType("wharf.session")]
internal sealed partial class SessionGrain(
    IOptions<SessionOptions> options, SessionQuota quota, SessionNames names, LocalSessions local, ILocalObjects localObjects, ITableDispatcher tables, MemoryAccountant memory,
    PrincipalCalls principals, TimeProvider time, ILogger<SessionGrain> logger)
    : Grain, ISessionGrain
{
    private readonly Signal _ended = new();
    private SessionLogin? _login;
    private TokenClock? _clock;
    private SessionExports? _exports;
    private MemoryCharge? _account;
    private PrincipalCalls.Count? _principal;
    private SessionEndReason? _endReason;
    private DateTimeOffset _removeAt;
    private IGrainTimer? _timer;
    private DateTimeOffset _timerDue = DateTimeOffset.MaxValue;

    private string Id => this.GetPrimaryKeyString();

    public Task<SessionStatus> LoginAsync(SessionLogin login, CancellationToken cancellationToken)
    {
        if (_login is not null)
            throw new FaultException(FaultCode.AlreadyExists, "The session id is in use");
        try
        {
            quota.Enter(login.Address);
        }
        catch (FaultException)
        {
            // An activation without a session would stay until the next collection of idle activations.
            DeactivateOnIdle();
            throw;
        }

        _login = login;
        // The account stores the principal of the session until the session ends.
        _account = memory.Open(MemoryUse.Queues, Id, SessionPrincipal.Of(login));
        _principal = principals.Join(SessionPrincipal.Of(login));
        _clock = new TokenClock(login.Duration, time.GetUtcNow(), login.EndsAt);
        var calls = new RetryingCalls(GrainFactory, localObjects, time, logger);
        _exports = new SessionExports(Id, options.Value, calls, tables, _principal, time, names.VariablesOf(login, calls, time), names.SharedTicketsOf(login));
        local.Add(Id, _exports);
        DelayDeactivation(TimeSpan.MaxValue);
        ArmTimer();
        return Task.FromResult(Status());
    }

    public Task<SessionStatus> TouchAsync(CancellationToken cancellationToken)
    {
        TouchExports();
        return Task.FromResult(Status());
    }

    public async Task CloseAsync(SessionEndReason reason, CancellationToken cancellationToken)
    {
        if (_login is null)
            DeactivateOnIdle();
        else
            await EndAsync(reason).WaitAsync(cancellationToken);
    }

    public async Task<SessionEndReason?> AwaitEndAsync(CancellationToken cancellationToken)
    {
        if (_login is null)
        {
            DeactivateOnIdle();
            return SessionEndReason.Unknown;
        }

        if (_endReason is null)
            await LongPoll.CompletesAsync(_ended.Next, GrainLimits.LongestWait, time, cancellationToken);
        return _endReason;
    }

    public async Task<WorkOutcome> SubmitAsync(ExportWork work, CancellationToken cancellationToken)
    {
        var outcome = await WithTimer(TouchExports().SubmitAsync(work, cancellationToken));
        return outcome with { Session = Status() };
    }

    public Task<WorkOutcome> AwaitWorkAsync(long workId, CancellationToken cancellationToken) => GetExports().AwaitWorkAsync(workId, cancellationToken);

    public Task<long> SubmitBatchAsync(BatchWork batch, CancellationToken cancellationToken) => WithTimer(Task.FromResult(GetActiveExports().SubmitBatch(batch)));

    public Task<BatchOutcomes> PullBatchAsync(long batchId, int cursor, CancellationToken cancellationToken) =>
        GetExports().PullBatchAsync(batchId, cursor, cancellationToken);

    public Task<WorkOutcome> ResolveAsync(ResolveRequest request, CancellationToken cancellationToken) =>
        WithTimer(GetActiveExports().ResolveAsync(request, cancellationToken));

    public Task AbandonAsync(long workId, CancellationToken cancellationToken)
    {
        _exports?.Abandon(workId);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<int>> ExportObjectsAsync(ImmutableArray<ObjectReference> references, string from, CancellationToken cancellationToken) =>
        WithTimer(GetActiveExports().ExportObjectsAsync(references, from).WaitAsync(cancellationToken));

    public Task ReleaseAsync(int exportId, CancellationToken cancellationToken) => GetActiveExports().ReleaseAsync(exportId, cancellationToken);

    public Task PublishAsync(int exportId, string sharedId, CancellationToken cancellationToken) => GetActiveExports().Published.PublishAsync(exportId, sharedId, cancellationToken);

    public Task PutVariableAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken) =>
        GetActiveExports().PutVariableAsync(ticket, reference, cancellationToken);

    public Task<FieldList> ReadVariablesAsync(long version, CancellationToken cancellationToken) => GetExports().Variables.ReadOwnAsync(version, cancellationToken);

    public Task<WorkOutcome> FetchSharedAsync(SharedFetch fetch, CancellationToken cancellationToken) =>
        WithTimer(GetExports().FetchSharedAsync(fetch, cancellationToken));

    public Task<bool> PublishesAsync(int exportId, string sharedId, CancellationToken cancellationToken) =>
        Task.FromResult(_exports?.Published.Contains(exportId, sharedId) ?? false);

    public Task<NotificationBatch> PullNotificationsAsync(string subscriber, long cursor, CancellationToken cancellationToken) =>
        WithTimer(GetExports().Feeds.PullNoticesAsync(subscriber, cursor, cancellationToken));

    public Task<TableUpdateBatch> PullTableUpdatesAsync(string subscriber, long cursor, CancellationToken cancellationToken) =>
        WithTimer(GetExports().Feeds.PullUpdatesAsync(subscriber, cursor, cancellationToken));

    public Task UnsubscribeAsync(string subscriber, CancellationToken cancellationToken)
    {
        _exports?.Feeds.Remove(subscriber);
        return Task.CompletedTask;
    }

    public Task<ObjectReference?> LookupAsync(string ticket, CancellationToken cancellationToken) => Task.FromResult(
        _exports is not null && ExportTicket.TryParseCanonicalIn(ticket, out var session, out var export) && session == Id ? _exports.Find(export.Id) : null);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_login is not null)
            await EndAsync(SessionEndReason.Shutdown).WaitAsync(cancellationToken);
    }

    private SessionStatus Status() => new(_login!.Caller, _clock!.Issued.ToUnixTimeMilliseconds(), _clock.Deadline.ToUnixTimeMilliseconds());

    /// <summary>Returns the exports of an active session, and renews its token.</summary>
    private SessionExports TouchExports()
    {
        var exports = GetActiveExports();
        if (_clock!.Touch(time.GetUtcNow()))
            ArmTimer();
        return exports;
    }

    /// <summary>Returns the exports of an active session.</summary>
    private SessionExports GetActiveExports()
    {
        var exports = GetExports();
        if (_endReason is null && _clock!.HasExpired(time.GetUtcNow()))
            _ = EndAsync(SessionEndReason.Expired);
        return _endReason is null ? exports : throw new FaultException(Fault.NoSession);
    }

    /// <summary>Returns the exports of a session that is active or has ended recently.</summary>
    private SessionExports GetExports()
    {
        if (_exports is not null)
            return _exports;
        DeactivateOnIdle();
        throw new FaultException(Fault.NoSession);
    }

    private Task EndAsync(SessionEndReason reason)
    {
        if (_endReason is not null)
            return Task.CompletedTask;
        _endReason = reason;
        quota.Leave(_login!.Address);
        local.Remove(Id);
        _account?.Dispose();
        _removeAt = time.GetUtcNow() + options.Value.EndedRetention;
        var ended = _exports!.EndAsync();
        _principal?.Leave();
        _ended.Set();
        ArmTimer();
        LogEnded(logger, Id, reason);
        return ended;
    }

    private Task<T> WithTimer<T>(Task<T> call)
    {
        ArmTimer();
        return call;
    }

    /// <summary>Sets the timer of the expiry and the cleanup. It interleaves, so that calls cannot delay it.</summary>
    private void ArmTimer()
    {
        var next = _endReason is null ? _clock!.Deadline : _removeAt;
        if (_exports!.NextCleanUp < next)
            next = _exports.NextCleanUp;
        if (_timer is not null && _timerDue <= next)
            return;
        _timerDue = next;
        var due = next - time.GetUtcNow();
        due = due > TimeSpan.Zero ? due : TimeSpan.Zero;
        if (_timer is null)
        {
            _timer = this.RegisterGrainTimer(
                static (grain, _) => grain.CleanUpAsync(),
                this,
                new GrainTimerCreationOptions { DueTime = due, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        }
        else
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task CleanUpAsync()
    {
        _timerDue = DateTimeOffset.MaxValue;
        var now = time.GetUtcNow();
        if (_endReason is not null && _removeAt <= now)
        {
            DeactivateOnIdle();
            return;
        }

        var ended = _endReason is null && _clock!.HasExpired(now) ? EndAsync(SessionEndReason.Expired) : Task.CompletedTask;
        _exports!.CleanUp();
        ArmTimer();
        await ended;
    }

    [LoggerMessage(2514, LogLevel.Debug, "Session {SessionId} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, string sessionId, SessionEndReason reason);
}
