using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>
/// A session's exports: who waits for whom, and what becomes of everyone when something is made, fails or is given up. Every change happens at once, within one call;
/// what the world has to do about it is in <see cref="TryTakeEffect"/>, in order.
/// </summary>
internal sealed class ExportTable
{
    private readonly Func<string> _newErrorId;
    private readonly ExportIds _ids;
    private readonly ExportTransitions _transitions;
    private readonly ExportWaits _waits;
    private readonly ExportIntake _intake;
    private int _lastServerId;

    /// <summary>Makes the table of a new session.</summary>
    /// <param name="limits">How much the session may have.</param>
    /// <param name="newErrorId">Makes the id of a failure.</param>
    /// <param name="principal">Counts the waiting calls of the session's principal.</param>
    public ExportTable(ExportLimits limits, Func<string> newErrorId, PrincipalCalls.Count? principal = null)
    {
        _newErrorId = newErrorId;
        _ids = new ExportIds(limits.RememberedFailures);
        _transitions = new ExportTransitions(_ids, newErrorId, principal);
        _waits = new ExportWaits(limits.UndefinedWait);
        _intake = new ExportIntake(limits, _ids, _transitions, _waits, newErrorId, principal);
    }

    /// <summary>Whether the session has ended; nothing new is taken then.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Exports that are there or may still come.</summary>
    public int LiveCount => _ids.LiveCount;

    /// <summary>Pieces of work that someone waits for.</summary>
    public int WaitingCount => _transitions.WaitingCount;

    /// <summary>How many things the table keeps in memory: exports, work, failures, and intervals of ids that are over.</summary>
    public int Remembered => _ids.Remembered + _transitions.Remembered;

    /// <summary>When <see cref="EndWaits"/> has something to do next.</summary>
    public DateTimeOffset? NextWaitEnd => _waits.NextEnd;

    /// <summary>Takes the next thing that the world has to do.</summary>
    public bool TryTakeEffect([NotNullWhen(true)] out ExportEffect? effect) => _transitions.TryTakeEffect(out effect);

    /// <summary>The exports that are there or may still come, in no particular order.</summary>
    public IEnumerable<(int Id, ExportState State, ExportValue? Value)> Live() =>
        _ids.Nodes.Values.Where(node => !node.State.IsTerminal()).Select(node => (node.Id, node.State, node.Value));

    /// <summary>What an export holds now, or null.</summary>
    public ExportValue? Find(int id) => _ids.Find(id) is { State: ExportState.Exported } node ? node.Value : null;

    /// <summary>Where an export is in its life, or null for an id that was never mentioned.</summary>
    public ExportState? StateOf(int id) => _ids.StateOf(id);

    /// <summary>Takes up work, all of it or, when some of it is refused, none of it.</summary>
    /// <returns>The keys of the work, in its order.</returns>
    /// <exception cref="FaultException">It is refused; no export was touched.</exception>
    public ImmutableArray<long> Define(ImmutableArray<ExportDefinition> definitions, DateTimeOffset now)
    {
        RequireOpen();
        return _intake.Define(definitions, now);
    }

    /// <summary>Starts work that may run.</summary>
    /// <returns>What it reads, in the order of its sources; null when it is not to run any more.</returns>
    public ImmutableArray<ExportValue>? Start(long key)
    {
        if (!_transitions.Work.TryGetValue(key, out var node) || node.State != ExportState.Queued)
            return null;
        node.IsWorking = true;
        _transitions.Move(node, ExportState.Running);
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
        if (!_transitions.Work.TryGetValue(key, out var node))
            return false;
        node.IsWorking = false;
        node.Value = value;
        var wanted = node.State == ExportState.Running;
        if (wanted)
            _transitions.Succeed(node);
        _transitions.Finish(node);
        _transitions.LetGoIfUnused(node);
        return wanted;
    }

    /// <summary>The work failed.</summary>
    /// <param name="key">The work.</param>
    /// <param name="fault">Why.</param>
    /// <param name="isPassedOn">Whether dependents report the fault as it is, whatever its code.</param>
    public void Fail(long key, Fault fault, bool isPassedOn = false)
    {
        if (!_transitions.Work.TryGetValue(key, out var node))
            return;
        node.IsWorking = false;
        if (!node.IsSettled)
            _transitions.Fail(node, ExportFailure.Failed(fault, isPassedOn || node.IsTicket, _newErrorId));
        _transitions.Finish(node);
        _transitions.Propagate();
    }

    /// <summary>Gives an export up.</summary>
    /// <exception cref="FaultException">UNAVAILABLE: the id was never mentioned.</exception>
    public void Release(int id)
    {
        RequireOpen();
        if (_ids.Find(id) is not { } node)
        {
            if (StateOf(id) is null)
                throw new FaultException(FaultCode.Unavailable, StatusTexts.ExportNotYetDefined);
            return;
        }

        if (node.State == ExportState.Exported)
            _transitions.Release(node);
        else if (!node.State.IsTerminal())
            _transitions.Cancel(node);
        _transitions.Propagate();
    }

    /// <summary>Gives up work without an export.</summary>
    public void Abandon(long key)
    {
        if (_transitions.Work.TryGetValue(key, out var node) && !node.IsExport && !node.IsSettled)
            _transitions.Cancel(node);
        _transitions.Propagate();
    }

    /// <summary>Takes ids for exports that the server makes.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED, UNAUTHENTICATED.</exception>
    public ImmutableArray<int> ReserveServerIds(int count)
    {
        RequireOpen();
        _intake.RequireRoomForExports(_lastServerId < int.MinValue + count ? int.MaxValue : count);
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
        var node = _intake.Add(id);
        node.IsDefined = true;
        if (fault is null)
        {
            node.Value = value;
            _transitions.Move(node, ExportState.Exported);
        }
        else
        {
            _transitions.Fail(node, ExportFailure.Failed(fault, isPassedOn: false, _newErrorId));
            _transitions.Propagate();
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
            _intake.RequireRoomForExports(1);
        if (_intake.Mention(id) is not { } node)
            return false;
        (node.SharedIds ??= new(StringComparer.Ordinal)).Add(sharedId);
        return true;
    }

    /// <summary>Takes back a <see cref="Publish"/> that did not come about.</summary>
    /// <returns>Whether it was published.</returns>
    public bool Unpublish(int id, string sharedId) => _ids.Find(id)?.SharedIds?.Remove(sharedId) == true;

    /// <summary>Whether an export is published under a shared ticket now.</summary>
    public bool IsPublished(int id, string sharedId) => _ids.Find(id)?.SharedIds?.Contains(sharedId) == true;

    /// <summary>Ends the work that has waited too long for exports that nobody defined.</summary>
    public void EndWaits(DateTimeOffset now)
    {
        while (_waits.TryTakeEnded(now) is { } node)
        {
            if (!node.IsSettled && ExportIntake.UndefinedDependencyOf(node) is { } parent)
                _transitions.Fail(node, ExportFailure.NeverFound(parent.Id, _newErrorId));
        }

        _transitions.Propagate();
    }

    /// <summary>Ends the session: what is there is released, what was to come is cancelled.</summary>
    public void End()
    {
        if (HasEnded)
            return;
        HasEnded = true;

        // All exports first: a caller that waits for its own export learns that this was cancelled, not that something which it depended on was.
        foreach (var node in _ids.Nodes.Values.OrderBy(node => node.Key).ToArray())
        {
            if (node.State == ExportState.Exported)
                _transitions.Release(node);
            else if (!node.State.IsTerminal())
                _transitions.Cancel(node);
            else
                _transitions.Withdraw(node);
        }

        _transitions.Propagate();
        foreach (var node in _transitions.Work.Values.Where(node => !node.IsSettled).ToArray())
            _transitions.Cancel(node);
        _transitions.Propagate();
        _ids.Clear();
    }

    private void RequireOpen()
    {
        if (HasEnded)
            throw new FaultException(Fault.NoSession);
    }
}
