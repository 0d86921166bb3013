using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wharf.Grains.Objects;
using Wharf.Grains.Sharing;
using Wharf.Grains.Tables;
using Wharf.Grains.Telemetry;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>
/// The exports of one live session. <see cref="ExportTable"/> decides, and this class applies its side effects in order. Long operations run
/// concurrently to the grain's calls, on the grain's scheduler, and report their end to the table.
/// </summary>
internal sealed class SessionExports
{
    private const int StartedInOneTurn = 64;

    private readonly string _sessionId;
    private readonly SessionOptions _options;
    private readonly ExportTable _table;
    private readonly RetryingCalls _calls;
    private readonly ITableDispatcher _tables;
    private readonly TimeProvider _time;
    private readonly SentObjects _sent;
    private readonly SessionPlaces _sharedTickets;
    private readonly ReleaseQueue _releases;
    private readonly Dictionary<long, SessionOperation> _operations = [];
    private readonly Dictionary<long, SessionBatch> _batches = [];
    private readonly LinkedList<SessionOperation> _unfetched = new();
    private readonly HashSet<Task> _withdrawals = [];
    private readonly Queue<long> _ready = new();
    private long _lastBatch;
    private bool _applying;
    private bool _starting;

    public SessionExports(
        string sessionId, SessionOptions options, RetryingCalls calls, ITableDispatcher tables, PrincipalCalls.Count principal, TimeProvider time, SessionVariables variables,
        SessionPlaces sharedTickets)
    {
        Variables = variables;
        _sharedTickets = sharedTickets;
        _sessionId = sessionId;
        _options = options;
        _calls = calls;
        _tables = tables;
        _time = time;
        _table = new ExportTable(
            new ExportLimits(options.MaxLiveExports, options.MaxWaitingCalls, options.UndefinedExportWait), static () => Guid.NewGuid().ToString(), principal);
        Feeds = new SessionFeeds(options, _table, calls, time);
        _releases = new ReleaseQueue(calls);
        _sent = new SentObjects(_table, calls, HolderOf, Apply);
    }

    public SessionFeeds Feeds { get; }

    public SessionVariables Variables { get; }

    /// <summary>The time at which <see cref="CleanUp"/> must be called next.</summary>
    public DateTimeOffset NextCleanUp
    {
        get
        {
            var next = Feeds.HasFollowers || _batches.Count > 0 || _sent.HasAny ? _time.GetUtcNow() + GrainLimits.CallLease : DateTimeOffset.MaxValue;
            if (_table.NextWaitEnd < next)
                next = _table.NextWaitEnd.Value;
            if (_unfetched.First is { } oldest && oldest.Value.EndedAt + _options.OutcomeRetention < next)
                next = oldest.Value.EndedAt + _options.OutcomeRetention;
            return next;
        }
    }

    /// <summary>The number of exports that are available or pending. May be read from any thread.</summary>
    public int LiveCount => _table.LiveCount;

    public ObjectReference? Find(int exportId) => _table.Find(exportId)?.Reference;

    public async Task<WorkOutcome> SubmitAsync(ExportWork work, CancellationToken cancellationToken)
    {
        if (work.ResultId <= 0 && work is not BindWork)
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.ResultIdMustBePositive(work.ResultId));
        var handler = OperationHandler.For(work);
        return await AwaitOutcomeAsync(Define(work.ResultId, work.Sources, id => new SessionOperation(id, work.ResultId, handler)), cancellationToken);
    }

    public async Task<WorkOutcome> ResolveAsync(ResolveRequest request, CancellationToken cancellationToken)
    {
        // A single field is held for the requested holder directly. Other tickets are held for the operation until all of them are resolved.
        var (sources, handler) = request.Tickets is [var ticket] && FieldHandler.IsField(ticket)
            ? ([], new FieldHandler(ticket, request.Holder, request.Lease))
            : (request.Tickets, (OperationHandler)new ResolveHandler(request.Holder, request.Lease));
        return await AwaitOutcomeAsync(Define(0, sources, id => new SessionOperation(id, 0, handler)), cancellationToken);
    }

    public async Task<WorkOutcome> FetchSharedAsync(SharedFetch fetch, CancellationToken cancellationToken)
    {
        if (!Publishes(fetch.ExportId, fetch.SharedId))
            throw SharedFaults.NotFound();
        var source = new ExportTicket(fetch.ExportId).Canonical;
        var work = Define(0, [source], id => new SessionOperation(id, 0, new ResolveHandler(fetch.Holder, lease: null))
        {
            Translate = fault => StillNames(fetch, fault) ? fault : SharedFaults.NothingShared,
        });
        return await AwaitOutcomeAsync(work, cancellationToken);
    }

    public Task<WorkOutcome> AwaitWorkAsync(long workId, CancellationToken cancellationToken) => _operations.TryGetValue(workId, out var work)
        ? AwaitOutcomeAsync(work, cancellationToken)
        : throw (_table.HasEnded ? new FaultException(Fault.NoSession) : new FaultException(FaultCode.NotFound, "There is no such operation"));

    public void Abandon(long workId)
    {
        if (!_operations.TryGetValue(workId, out var work))
            return;
        _table.Abandon(workId);
        Apply();
        if (work.Outcome.IsCompleted)
            DiscardOutcome(work);
    }

    public long SubmitBatch(BatchWork batch)
    {
        if (batch.Operations.IsEmpty)
            throw new FaultException(FaultCode.InvalidArgument, "A batch has at least one operation");
        var id = ++_lastBatch;
        var outcomes = new SessionBatch(batch.Operations.Length);
        var keys = _table.Define([.. batch.Operations.Select(operation => new ExportDefinition(operation.ResultId, ExportSource.Parse(operation.Sources)))], _time.GetUtcNow());
        for (var i = 0; i < keys.Length; i++)
        {
            var index = i;
            _operations.Add(keys[i], new SessionOperation(keys[i], batch.Operations[i].ResultId, OperationHandler.For(batch.Operations[i]))
            {
                Answered = (outcome, hasOwnStatus) => outcomes.Add(new BatchItem(index, outcome, hasOwnStatus), _time.GetUtcNow()),
            });
        }

        _batches.Add(id, outcomes);
        Apply();
        return id;
    }

    public async Task<BatchOutcomes> PullBatchAsync(long batchId, int cursor, CancellationToken cancellationToken)
    {
        if (!_batches.TryGetValue(batchId, out var batch))
            throw _table.HasEnded ? new FaultException(Fault.NoSession) : new FaultException(FaultCode.NotFound, "There is no such batch");
        return await LongPoll.UntilAsync(() => batch.Read(cursor), () => batch.Changed.Next, _time, cancellationToken) ?? new BatchOutcomes([], IsDone: false);
    }

    public Task<ImmutableArray<int>> ExportObjectsAsync(ImmutableArray<ObjectReference> references, string from) => _sent.ExportAsync(references, from, _time.GetUtcNow());

    public async Task ReleaseAsync(int exportId, CancellationToken cancellationToken)
    {
        _table.Release(exportId);
        Apply();
        await Task.WhenAll(_withdrawals).WaitAsync(cancellationToken);
    }

    public bool Publishes(int exportId, string sharedId) => _table.IsPublished(exportId, sharedId);

    public async Task PublishAsync(int exportId, string sharedId, CancellationToken cancellationToken)
    {
        if (Publishes(exportId, sharedId))
            throw SharedFaults.Taken();
        var shared = _calls.Grains.GetGrain<ISharedTicketGrain>(sharedId);
        var isThere = TryPublish(exportId, sharedId);
        Apply();
        if (!isThere)
        {
            // Already released: the ticket would be withdrawn at once.
            if (await shared.GetTargetAsync(cancellationToken) is not null)
                throw SharedFaults.Taken();
            return;
        }

        var target = new SharedTarget(_sessionId, exportId);
        try
        {
            if (!await _calls.RepeatAsync(token => TryTakeTicketAsync(shared, target, token), cancellationToken))
                throw SharedFaults.Taken();
        }
        catch (Exception failed)
        {
            Unpublish(exportId, sharedId);
            if (failed is not FaultException)
                await WithdrawAsync(exportId, sharedId);
            throw;
        }

        // If the export was released in the meantime, its withdrawal may have preceded the publication.
        if (!Publishes(exportId, sharedId))
            await WithdrawAsync(exportId, sharedId);
    }

    /// <summary>Fails operations that have waited too long, and removes outcomes and followers that are no longer needed.</summary>
    public void CleanUp()
    {
        var now = _time.GetUtcNow();
        _table.EndWaits(now);
        Apply();
        Feeds.RemoveIdle(now - (2 * GrainLimits.CallLease));
        _sent.RemoveBefore(now - GrainLimits.CallLease);
        foreach (var (id, _) in _batches.Where(batch => batch.Value.EndedAt + _options.OutcomeRetention <= now).ToArray())
            _batches.Remove(id);
        while (_unfetched.First is { } oldest && oldest.Value.EndedAt + _options.OutcomeRetention <= now)
            DiscardOutcome(oldest.Value);
    }

    /// <summary>Ends the session's exports.</summary>
    /// <returns>Completes when the shared tickets are free.</returns>
    public Task EndAsync()
    {
        _table.End();
        Apply();
        Feeds.End();
        return Task.WhenAll([.. _withdrawals, Variables.EndAsync()]);
    }

    /// <summary>Sets a variable to an object.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object, held by the caller during the call.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public Task PutVariableAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken) =>
        Variables.PutAsync(ticket, reference, cancellationToken);

    private bool TryPublish(int exportId, string sharedId)
    {
        _sharedTickets.Enter();
        var isThere = false;
        try
        {
            return isThere = _table.Publish(exportId, sharedId);
        }
        finally
        {
            if (!isThere)
                _sharedTickets.Leave();
        }
    }

    private void Unpublish(int exportId, string sharedId)
    {
        if (_table.Unpublish(exportId, sharedId))
            _sharedTickets.Leave();
    }

    /// <summary>Returns whether a shared ticket still refers to its export. Withdraws the ticket if the object is lost.</summary>
    private bool StillNames(SharedFetch fetch, Fault fault)
    {
        if (!Publishes(fetch.ExportId, fetch.SharedId))
            return false;
        if (fault.Code != FaultCode.DataLoss)
            return true;
        Unpublish(fetch.ExportId, fetch.SharedId);
        _ = WithdrawAsync(fetch.ExportId, fetch.SharedId);
        return false;
    }

    private async Task<bool> TryTakeTicketAsync(ISharedTicketGrain shared, SharedTarget target, CancellationToken cancellationToken)
    {
        if (await shared.PublishAsync(target, cancellationToken))
            return true;

        // A publisher that was lost with its node could not withdraw its tickets.
        if (await shared.GetTargetAsync(cancellationToken) is not { } other
            || await _calls.Grains.GetGrain<ISessionGrain>(other.SessionId).PublishesAsync(other.ExportId, shared.GetPrimaryKeyString(), cancellationToken))
        {
            return false;
        }

        await shared.WithdrawAsync(other, cancellationToken);
        return await shared.PublishAsync(target, cancellationToken);
    }

    private SessionOperation Define(int resultId, ImmutableArray<string> sources, Func<long, SessionOperation> make)
    {
        var key = _table.Define([new ExportDefinition(resultId, ExportSource.Parse(sources))], _time.GetUtcNow())[0];
        var work = make(key);
        _operations.Add(key, work);
        Apply();
        return work;
    }

    private async Task<WorkOutcome> AwaitOutcomeAsync(SessionOperation work, CancellationToken cancellationToken)
    {
        if (!await LongPoll.CompletesAsync(work.Outcome, GrainLimits.LongestWait, _time, cancellationToken))
            return new WorkOutcome(work.Id, IsDone: false, [], null, null);
        Remove(work);
        return await work.Outcome;
    }

    private string HolderOf(int exportId, long key) => exportId != 0 ? Holder.OfExport(_sessionId, exportId) : Holder.OfWait(_sessionId, key);

    /// <summary>Applies the side effects of the table, in order, including those that they cause.</summary>
    private void Apply()
    {
        if (_applying)
            return;
        _applying = true;
        try
        {
            while (_table.TryTakeEffect(out var effect))
                ApplyOrLog(effect);
        }
        finally
        {
            _applying = false;
        }

        if (!_starting && _ready.Count > 0)
            _ = StartReadyAsync();
    }

    // A failure of one effect is a defect. Other operations wait for the other effects, so they are still applied.
    private void ApplyOrLog(ExportEffect effect)
    {
        try
        {
            Apply(effect);
        }
        catch (Exception defect)
        {
            _ = Faults.From(defect, _calls.Logger);
        }
    }

    private void Apply(ExportEffect effect)
    {
        switch (effect)
        {
            case NotifyEffect change:
                Feeds.Notify(change);
                break;
            case RunEffect run:
                _ready.Enqueue(run.Key);
                break;
            case ResolveEffect resolve:
                var ticket = new SessionOperation(resolve.Key, 0, new TicketHandler(resolve.Ticket));
                _operations.Add(resolve.Key, ticket);
                _ = RunAsync(ticket, []);
                break;
            case StopEffect stop when _operations.TryGetValue(stop.Key, out var running):
                running.Stop.Cancel();
                break;
            case AnswerEffect answer:
                Answer(_operations[answer.Key], answer);
                break;
            case ReleaseEffect release:
                _releases.Add(release.Reference, HolderOf(release.ExportId, release.Key));
                break;
            case WithdrawEffect withdraw:
                _sharedTickets.Leave();
                _ = WithdrawAsync(withdraw.ExportId, withdraw.SharedId);
                break;
        }
    }

    /// <summary>
    /// Starts the queued operations. Some complete synchronously within microseconds, and a batch may have thousands: yields to calls of the session in
    /// between.
    /// </summary>
    private async Task StartReadyAsync()
    {
        _starting = true;
        for (var started = 1; _ready.TryDequeue(out var key); started++)
        {
            StartOrLog(key);
            Apply();
            if (started % StartedInOneTurn == 0)
                await Task.Yield();
        }

        _starting = false;
    }

    private void StartOrLog(long key)
    {
        try
        {
            if (_table.Start(key) is { } inputs)
                _ = RunAsync(_operations[key], inputs);
        }
        catch (Exception defect)
        {
            _ = Faults.From(defect, _calls.Logger);
        }
    }

    private async Task RunAsync(SessionOperation work, ImmutableArray<ExportValue> inputs)
    {
        var context = new OperationContext(inputs, HolderOf(work.ResultId, work.Id), $"{_sessionId}/{work.Id}", _calls, _tables, Variables);
        work.IsRunning = true;
        GrainActivities.Continue(work.Cause);
        try
        {
            work.Result = await work.Handler.RunAsync(context, work.Stop.Token);
            if (!_table.Complete(work.Id, work.Result.Value))
                await work.Handler.ReleaseResultAsync(work.Result, _calls);
        }
        catch (Exception failed)
        {
            _table.Fail(work.Id, Faults.From(failed, _calls.Logger), work.Handler is FailHandler);
        }

        work.IsRunning = false;
        if (work.Handler is TicketHandler || (!work.HasCaller && work.Outcome.IsCompleted))
            _operations.Remove(work.Id);
        Apply();
    }

    private void Answer(SessionOperation work, AnswerEffect answer)
    {
        work.Answer(answer, _time.GetUtcNow());
        _ = work.Handler.OnEndedAsync(_calls);
        if (work.HasCaller)
            work.Unfetched = _unfetched.AddLast(work);
        else if (!work.IsRunning)
            _operations.Remove(work.Id);
    }

    private void Remove(SessionOperation work)
    {
        _operations.Remove(work.Id);
        if (work.Unfetched is { } node)
            _unfetched.Remove(node);
        work.Unfetched = null;
    }

    private void DiscardOutcome(SessionOperation work)
    {
        Remove(work);
        if (work.Result is { } result)
            _ = work.Handler.ReleaseResultAsync(result, _calls);
    }

    private async Task WithdrawAsync(int exportId, string sharedId)
    {
        var withdrawal = _calls.WithdrawAsync(sharedId, new SharedTarget(_sessionId, exportId));
        _withdrawals.Add(withdrawal);
        await withdrawal;
        _withdrawals.Remove(withdrawal);
    }
}
