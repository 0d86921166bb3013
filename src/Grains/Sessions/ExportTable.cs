using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>
/// A session's exports: who waits for whom, and what becomes of everyone when something is made, fails or is given up. Every change happens at once, within one call;
/// what the world has to do about it is in <see cref="TryTakeEffect"/>, in order.
/// </summary>
internal sealed class ExportTable(ExportLimits limits, Func<string> newErrorId)
{
    private readonly Dictionary<int, ExportNode> _exports = [];
    private readonly Dictionary<long, ExportNode> _work = [];
    private readonly IdIntervals _released = new();
    private readonly IdIntervals _forgotten = new();
    private readonly Queue<int> _failures = new();
    private readonly Queue<ExportNode> _failing = new();
    private readonly Queue<ExportEffect> _effects = new();
    private readonly ExportWaits _waits = new(limits.UndefinedWait);
    private long _lastKey;
    private int _lastServerId;
    private int _live;
    private int _waiting;

    /// <summary>Whether the session has ended; nothing new is taken then.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Exports that are there or may still come.</summary>
    public int LiveCount => _live;

    /// <summary>Pieces of work that someone waits for.</summary>
    public int WaitingCount => _waiting;

    /// <summary>How many things the table keeps in memory: exports, work, failures, and intervals of ids that are over.</summary>
    public int Remembered => _exports.Count + _work.Count + _failures.Count + _released.Count + _forgotten.Count + _effects.Count;

    /// <summary>When <see cref="EndWaits"/> has something to do next.</summary>
    public DateTimeOffset? NextWaitEnd => _waits.NextEnd;

    /// <summary>Takes the next thing that the world has to do.</summary>
    public bool TryTakeEffect([NotNullWhen(true)] out ExportEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>The exports that are there or may still come, in no particular order.</summary>
    public IEnumerable<(int Id, ExportState State, ExportValue? Value)> Live() =>
        _exports.Values.Where(node => !node.State.IsTerminal()).Select(node => (node.Id, node.State, node.Value));

    /// <summary>What an export holds now, or null.</summary>
    public ExportValue? Find(int id) => _exports.TryGetValue(id, out var node) && node.State == ExportState.Exported ? node.Value : null;

    /// <summary>Where an export is in its life, or null for an id that was never mentioned.</summary>
    public ExportState? StateOf(int id) =>
        _exports.TryGetValue(id, out var node) ? node.State
        : _released.Contains(id) ? ExportState.Released
        : _forgotten.Contains(id) ? ExportState.Failed
        : null;

    /// <summary>Takes up work, all of it or, when some of it is refused, none of it.</summary>
    /// <returns>The keys of the work, in its order.</returns>
    /// <exception cref="FaultException">It is refused; no export was touched.</exception>
    public ImmutableArray<long> Define(ImmutableArray<ExportDefinition> definitions, DateTimeOffset now)
    {
        RequireOpen();
        new ExportAdmission(_exports, StateOf).Check(definitions);
        RequireRoom(definitions);

        var nodes = new ExportNode[definitions.Length];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = Open(definitions[i].ResultId);
        for (var i = 0; i < nodes.Length; i++)
            Link(nodes[i], definitions[i].Sources, nodes);
        for (var i = 0; i < nodes.Length; i++)
            Begin(nodes[i], definitions[i].Sources, now);
        Propagate();
        return [.. nodes.Select(node => node.Key)];
    }

    /// <summary>Starts work that may run.</summary>
    /// <returns>What it reads, in the order of its sources; null when it is not to run any more.</returns>
    public ImmutableArray<ExportValue>? Start(long key)
    {
        if (!_work.TryGetValue(key, out var node) || node.State != ExportState.Queued)
            return null;
        node.IsWorking = true;
        Move(node, ExportState.Running);
        ImmutableArray<ExportValue> values = [.. node.Dependencies!.Select(dependency => dependency.Value!)];
        if (!values.Any(value => value.Reference.Kind == ObjectKind.Null))
            return values;
        Fail(key, new Fault(FaultCode.InvalidArgument, "A source is null"));
        return null;
    }

    /// <summary>The work is done.</summary>
    /// <param name="key">The work.</param>
    /// <param name="value">Its result, held for the export; null for work without one.</param>
    /// <returns>False when nobody wanted the result any more; a value is let go then.</returns>
    public bool Complete(long key, ExportValue? value)
    {
        if (!_work.Remove(key, out var node))
            return false;
        node.IsWorking = false;
        node.Value = value;
        var wanted = node.State == ExportState.Running;
        if (wanted)
        {
            Settle(node, ExportState.Exported, failure: null);
            foreach (var dependent in Take(node.Dependents))
            {
                if (--dependent.Missing == 0 && dependent.State == ExportState.Pending)
                    Queue(dependent);
            }

            node.Dependents = null;
        }

        LetGoOfInputs(node);
        LetGoIfUnused(node);
        return wanted;
    }

    /// <summary>The work failed.</summary>
    /// <param name="key">The work.</param>
    /// <param name="fault">Why.</param>
    /// <param name="isPassedOn">Whether dependents report the fault as it is, whatever its code.</param>
    public void Fail(long key, Fault fault, bool isPassedOn = false)
    {
        if (!_work.TryGetValue(key, out var node))
            return;
        node.IsWorking = false;
        if (!node.IsSettled)
            FailNode(node, ExportFailure.Failed(fault, isPassedOn || node.IsTicket, newErrorId));
        _work.Remove(key);
        LetGoOfInputs(node);
        Propagate();
    }

    /// <summary>Gives an export up.</summary>
    /// <exception cref="FaultException">UNAVAILABLE: the id was never mentioned.</exception>
    public void Release(int id)
    {
        RequireOpen();
        if (!_exports.TryGetValue(id, out var node))
        {
            if (StateOf(id) is null)
                throw new FaultException(FaultCode.Unavailable, StatusTexts.ExportNotYetDefined);
            return;
        }

        if (node.State == ExportState.Exported)
            ReleaseValue(node);
        else if (!node.State.IsTerminal())
            Cancel(node);
        Propagate();
    }

    /// <summary>Gives up work without an export.</summary>
    public void Abandon(long key)
    {
        if (_work.TryGetValue(key, out var node) && !node.IsExport && !node.IsSettled)
            Cancel(node);
        Propagate();
    }

    /// <summary>Takes ids for exports that the server makes.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED, UNAUTHENTICATED.</exception>
    public ImmutableArray<int> ReserveServerIds(int count)
    {
        RequireOpen();
        RequireRoomForExports(_lastServerId < int.MinValue + count ? int.MaxValue : count);
        var ids = ImmutableArray.CreateBuilder<int>(count);
        for (var i = 0; i < count; i++)
            ids.Add(--_lastServerId);
        return ids.MoveToImmutable();
    }

    /// <summary>Makes the export of a reserved id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="value">What it holds; held for the export.</param>
    /// <param name="fault">Why there is no value.</param>
    /// <returns>False when the session has ended; nothing was done.</returns>
    public bool AddServerMade(int id, ExportValue? value, Fault? fault)
    {
        if (HasEnded)
            return false;
        var node = AddExport(id);
        node.IsDefined = true;
        if (fault is null)
        {
            node.Value = value;
            Move(node, ExportState.Exported);
        }
        else
        {
            FailNode(node, ExportFailure.Failed(fault, isPassedOn: false, newErrorId));
            Propagate();
        }

        return true;
    }

    /// <summary>Notes that an export is published under a shared ticket.</summary>
    /// <returns>False when there is nothing left to publish.</returns>
    /// <exception cref="FaultException">The id is 0, or a negative one that is not there.</exception>
    public bool Publish(int id, string sharedId)
    {
        RequireOpen();
        if (ExportAdmission.FaultOfSource(id, StateOf(id)) is { } fault)
            throw new FaultException(fault);
        if (StateOf(id) is null)
            RequireRoomForExports(1);
        if (Mention(id) is not { } node)
            return false;
        (node.SharedIds ??= []).Add(sharedId);
        return true;
    }

    /// <summary>Takes back a <see cref="Publish"/> that did not come about.</summary>
    public void Unpublish(int id, string sharedId)
    {
        if (_exports.TryGetValue(id, out var node))
            node.SharedIds?.Remove(sharedId);
    }

    /// <summary>Whether an export is published under a shared ticket now.</summary>
    public bool IsPublished(int id, string sharedId) => _exports.TryGetValue(id, out var node) && node.SharedIds?.Contains(sharedId) == true;

    /// <summary>Ends the work that has waited too long for exports that nobody defined.</summary>
    public void EndWaits(DateTimeOffset now)
    {
        while (_waits.TryTakeEnded(now) is { } node)
        {
            if (!node.IsSettled && UndefinedDependencyOf(node) is { } parent)
                FailNode(node, ExportFailure.NeverFound(parent.Id, newErrorId));
        }

        Propagate();
    }

    /// <summary>Ends the session: what is there is released, what was to come is cancelled.</summary>
    public void End()
    {
        if (HasEnded)
            return;
        HasEnded = true;

        // All exports first: a caller that waits for its own export learns that this was cancelled, not that something which it depended on was.
        foreach (var node in _exports.Values.OrderBy(node => node.Key).ToArray())
        {
            if (node.State == ExportState.Exported)
                ReleaseValue(node);
            else if (!node.State.IsTerminal())
                Cancel(node);
            else
                Withdraw(node);
        }

        Propagate();
        foreach (var node in _work.Values.Where(node => !node.IsSettled).ToArray())
            Cancel(node);
        Propagate();
        _exports.Clear();
        _exports.TrimExcess();
        _failures.Clear();
        _released.Clear();
        _forgotten.Clear();
    }

    private void RequireOpen()
    {
        if (HasEnded)
            throw new FaultException(Fault.NoSession);
    }

    private void RequireRoom(ImmutableArray<ExportDefinition> definitions)
    {
        if (_waiting + definitions.Length > limits.WaitingCalls)
            throw new FaultException(FaultCode.ResourceExhausted, $"A session has at most {limits.WaitingCalls} waiting calls");
        var added = 0;
        foreach (var definition in definitions)
        {
            if (definition.ResultId != 0 && !_exports.ContainsKey(definition.ResultId))
                added++;
            foreach (var source in definition.Sources)
            {
                if (source.Kind == ExportSourceKind.Export && source.Number > 0 && StateOf(source.Number) is null)
                    added++;
            }
        }

        RequireRoomForExports(added);
    }

    private void RequireRoomForExports(int added)
    {
        if (added > limits.LiveExports - _live)
            throw new FaultException(FaultCode.ResourceExhausted, $"A session has at most {limits.LiveExports} live exports");
    }

    private ExportNode AddExport(int id)
    {
        var node = new ExportNode(++_lastKey, id);
        _exports.Add(id, node);
        _live++;
        Move(node, ExportState.Unknown);
        return node;
    }

    /// <summary>The node of an id that is read; null for one of which nothing but its end is known, and for one that only the server could have made.</summary>
    private ExportNode? Mention(int id) =>
        _exports.TryGetValue(id, out var node) ? node
        : id > 0 && StateOf(id) is null ? AddExport(id)
        : null;

    private ExportNode Open(int resultId)
    {
        var node = resultId == 0 ? new ExportNode(++_lastKey, 0) : _exports.GetValueOrDefault(resultId) ?? AddExport(resultId);
        node.IsDefined = true;
        node.HasCaller = true;
        _work.Add(node.Key, node);
        _waiting++;
        return node;
    }

    private ExportNode OpenTicket(string ticket)
    {
        var node = new ExportNode(++_lastKey, 0) { IsTicket = true, IsDefined = true, IsWorking = true, State = ExportState.Running };
        _work.Add(node.Key, node);
        _effects.Enqueue(new ResolveEffect(node.Key, ticket));
        return node;
    }

    private void Link(ExportNode node, ImmutableArray<ExportSource> sources, ExportNode[] neighbours)
    {
        var dependencies = new List<ExportNode>(sources.Length);
        foreach (var source in sources)
        {
            var dependency = source.Kind switch
            {
                ExportSourceKind.Export => Mention(source.Number),
                ExportSourceKind.Neighbour => neighbours[source.Number],
                _ => OpenTicket(source.Ticket),
            };
            if (dependency is null)
                continue;
            dependencies.Add(dependency);
            dependency.Uses++;
            if (dependency.IsSettled)
                continue;
            (dependency.Dependents ??= []).Add(node);
            node.Missing++;
        }

        node.Dependencies = [.. dependencies];
    }

    private void Begin(ExportNode node, ImmutableArray<ExportSource> sources, DateTimeOffset now)
    {
        // What cannot begin for want of a source was never pending: its followers see it fail at once, as the reference server shows it.
        if (DeadDependencyOf(node, sources) is { } failure)
        {
            FailNode(node, failure);
            return;
        }

        Move(node, ExportState.Pending);
        if (node.Missing == 0)
            Queue(node);
        else if (UndefinedDependencyOf(node) is not null)
            _waits.Add(node, now);
    }

    private ExportFailure? DeadDependencyOf(ExportNode node, ImmutableArray<ExportSource> sources)
    {
        foreach (var source in sources)
        {
            if (source.Kind != ExportSourceKind.Export || _exports.ContainsKey(source.Number))
                continue;
            if (ExportAdmission.FaultOfSource(source.Number, StateOf(source.Number)) is { } fault)
                return ExportFailure.Unresolved(fault, newErrorId);
            return _released.Contains(source.Number)
                ? ExportFailure.ParentReleased(source.Number, newErrorId)
                : ExportFailure.ParentForgotten(newErrorId);
        }

        var dead = Array.Find(node.Dependencies!, dependency => dependency.State.IsTerminal());
        return dead is null ? null : ExportFailure.Because(dead, newErrorId);
    }

    private static ExportNode? UndefinedDependencyOf(ExportNode node) =>
        Array.Find(node.Dependencies ?? [], dependency => dependency.State == ExportState.Unknown);

    private void Queue(ExportNode node)
    {
        Move(node, ExportState.Queued);
        _effects.Enqueue(new RunEffect(node.Key));
    }

    private void Move(ExportNode node, ExportState state)
    {
        node.State = state;
        if (node.IsExport)
            _effects.Enqueue(new NotifyEffect(node.Id, state, node.Failure?.ErrorId ?? "", node.Failure?.DependentHandle ?? "", node.Value));
    }

    /// <summary>Work is over for the one who waits for it: followers are told, then the caller.</summary>
    private void Settle(ExportNode node, ExportState state, ExportFailure? failure)
    {
        node.Failure = failure;
        Move(node, state);
        if (!node.HasCaller)
            return;
        node.HasCaller = false;
        _waiting--;
        _effects.Enqueue(new AnswerEffect(node.Key, node.Value, failure?.Fault, failure?.EndsBatch ?? false));
    }

    private void FailNode(ExportNode node, ExportFailure failure)
    {
        Settle(node, failure.State, failure);
        if (node.IsExport)
            Bury(node);
        if (!node.IsWorking)
        {
            _work.Remove(node.Key);
            LetGoOfInputs(node);
        }
        else
        {
            _effects.Enqueue(new StopEffect(node.Key));
        }

        _failing.Enqueue(node);
    }

    /// <summary>Tells those who wait for something that failed, and those who wait for them; without recursion, for a chain may be long.</summary>
    private void Propagate()
    {
        while (_failing.TryDequeue(out var node))
        {
            foreach (var dependent in Take(node.Dependents))
            {
                if (!dependent.IsSettled)
                    FailNode(dependent, ExportFailure.Because(node, newErrorId));
            }

            node.Dependents = null;
        }
    }

    private void Cancel(ExportNode node)
    {
        Withdraw(node);
        FailNode(node, ExportFailure.Cancelled);
    }

    private void ReleaseValue(ExportNode node)
    {
        Withdraw(node);
        Move(node, ExportState.Released);
        _exports.Remove(node.Id);
        _released.Add(node.Id);
        _live--;
        LetGoIfUnused(node);
    }

    private void Withdraw(ExportNode node)
    {
        foreach (var sharedId in Take(node.SharedIds))
            _effects.Enqueue(new WithdrawEffect(node.Id, sharedId));
        node.SharedIds = null;
    }

    private void Bury(ExportNode node)
    {
        _live--;
        _failures.Enqueue(node.Id);
        if (_failures.Count <= limits.RememberedFailures)
            return;
        var oldest = _failures.Dequeue();
        if (_exports.Remove(oldest, out var forgotten))
            Withdraw(forgotten);
        _forgotten.Add(oldest);
    }

    private void LetGoOfInputs(ExportNode node)
    {
        foreach (var dependency in node.Dependencies ?? [])
        {
            dependency.Uses--;
            LetGoIfUnused(dependency);
        }

        node.Dependencies = null;
    }

    private void LetGoIfUnused(ExportNode node)
    {
        if (node.Uses > 0)
            return;
        if (node.IsTicket && !node.IsSettled)
        {
            Cancel(node);
            return;
        }

        if (node.IsWorking || node.Value is not { } value || (node.IsExport && node.State == ExportState.Exported))
            return;
        node.Value = null;
        if (value.Reference.IsLive)
            _effects.Enqueue(new LetGoEffect(node.Id, node.Key, value.Reference));
    }

    private static List<T> Take<T>(List<T>? list) => list ?? [];
}
