using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wharf.Grains.Objects;
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
    private readonly ReleaseQueue _releases;
    private readonly Dictionary<long, SessionOperation> _operations = [];
    private readonly Dictionary<long, SessionBatch> _batches = [];
    private readonly LinkedList<SessionOperation> _unfetched = new();
    private readonly Queue<long> _ready = new();
    private long _lastBatch;
    private bool _applying;
    private bool _starting;

    public SessionExports(
        string sessionId, SessionOptions options, RetryingCalls calls, ITableDispatcher tables, PrincipalCalls.Count principal, TimeProvider time, SessionVariables variables,
        SessionPlaces sharedTickets)
    {
        Variables = variables;
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
        Published = new PublishedExports(sessionId, _table, sharedTickets, calls, Apply);
    }

    public SessionFeeds Feeds { get; }

    public SessionVariables Variables { get; }

    public PublishedExports Published { get; }

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

    public async Task<WorkOutcome> SubmitAsync(ExportWork operation, CancellationToken cancellationToken)
    {
        if (operation.ResultId <= 0 && operation is not BindWork)
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.ResultIdMustBePositive(operation.ResultId));
        var handler = OperationHandler.For(operation);
        return await AwaitOutcomeAsync(Define(operation.ResultId, operation.Sources, id => new SessionOperation(id, operation.ResultId, handler)), cancellationToken);
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
        if (!Published.Contains(fetch.ExportId, fetch.SharedId))
            throw SharedFaults.NotFound();
        var source = new ExportTicket(fetch.ExportId).Canonical;
        var operation = Define(0, [source], id => new SessionOperation(id, 0, new ResolveHandler(fetch.Holder, lease: null))
        {
            Translate = fault => Published.TranslateFault(fetch, fault),
        });
        return await AwaitOutcomeAsync(operation, cancellationToken);
    }

    public Task<WorkOutcome> AwaitWorkAsync(long workId, CancellationToken cancellationToken) => _operations.TryGetValue(workId, out var operation)
        ? AwaitOutcomeAsync(operation, cancellationToken)
        : throw (_table.HasEnded ? new FaultException(Fault.NoSession) : new FaultException(FaultCode.NotFound, "There is no such operation"));

    public void Abandon(long workId)
    {
        if (!_operations.TryGetValue(workId, out var operation))
            return;
        _table.Abandon(workId);
        Apply();
        if (operation.Outcome.IsCompleted)
            DiscardOutcome(operation);
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
        await Published.WhenWithdrawnAsync().WaitAsync(cancellationToken);
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
        return Task.WhenAll(Published.WhenWithdrawnAsync(), Variables.EndAsync());
    }

    /// <summary>Sets a variable to an object.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object, held by the caller during the call.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public Task PutVariableAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken) =>
        Variables.PutAsync(ticket, reference, cancellationToken);

    private SessionOperation Define(int resultId, ImmutableArray<string> sources, Func<long, SessionOperation> make)
    {
        var key = _table.Define([new ExportDefinition(resultId, ExportSource.Parse(sources))], _time.GetUtcNow())[0];
        var operation = make(key);
        _operations.Add(key, operation);
        Apply();
        return operation;
    }

    private async Task<WorkOutcome> AwaitOutcomeAsync(SessionOperation operation, CancellationToken cancellationToken)
    {
        if (!await LongPoll.CompletesAsync(operation.Outcome, GrainLimits.LongestWait, _time, cancellationToken))
            return new WorkOutcome(operation.Id, IsDone: false, [], null, null);
        Remove(operation);
        return await operation.Outcome;
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
                Published.OnWithdrawn(withdraw.ExportId, withdraw.SharedId);
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

    private async Task RunAsync(SessionOperation operation, ImmutableArray<ExportValue> inputs)
    {
        var context = new OperationContext(inputs, HolderOf(operation.ResultId, operation.Id), $"{_sessionId}/{operation.Id}", _calls, _tables, Variables);
        operation.IsRunning = true;
        GrainActivities.Continue(operation.Cause);
        try
        {
            operation.Result = await operation.Handler.RunAsync(context, operation.Stop.Token);
            if (!_table.Complete(operation.Id, operation.Result.Value))
                await operation.Handler.ReleaseResultAsync(operation.Result, _calls);
        }
        catch (Exception failed)
        {
            _table.Fail(operation.Id, Faults.From(failed, _calls.Logger), operation.Handler is FailHandler);
        }

        operation.IsRunning = false;
        if (operation.Handler is TicketHandler || (!operation.HasCaller && operation.Outcome.IsCompleted))
            _operations.Remove(operation.Id);
        Apply();
    }

    private void Answer(SessionOperation operation, AnswerEffect answer)
    {
        operation.Answer(answer, _time.GetUtcNow());
        _ = operation.Handler.OnEndedAsync(_calls);
        if (operation.HasCaller)
            operation.Unfetched = _unfetched.AddLast(operation);
        else if (!operation.IsRunning)
            _operations.Remove(operation.Id);
    }

    private void Remove(SessionOperation operation)
    {
        _operations.Remove(operation.Id);
        if (operation.Unfetched is { } node)
            _unfetched.Remove(node);
        operation.Unfetched = null;
    }

    private void DiscardOutcome(SessionOperation operation)
    {
        Remove(operation);
        if (operation.Result is { } result)
            _ = operation.Handler.ReleaseResultAsync(result, _calls);
    }
}
