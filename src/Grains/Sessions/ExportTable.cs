using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>
/// The exports of a session and their dependencies. Each call changes the state immediately; the resulting side effects are queued and read in order by
/// <see cref="TryTakeEffect"/>.
/// </summary>
internal sealed class ExportTable
{
    private readonly Func<string> _newErrorId;
    private readonly ExportIds _ids;
    private readonly ExportTransitions _transitions;
    private readonly ExportWaits _waits;
    private readonly ExportIntake _intake;
    private int _lastServerId;

    /// <summary>Creates the table of a new session.</summary>
    /// <param name="limits">The limits of the session.</param>
    /// <param name="newErrorId">Creates the id of a failure.</param>
    /// <param name="principal">Counts the waiting calls of the session's principal.</param>
    public ExportTable(ExportLimits limits, Func<string> newErrorId, PrincipalCalls.Count? principal = null)
    {
        _newErrorId = newErrorId;
        _ids = new ExportIds(limits.StoredFailures);
        _transitions = new ExportTransitions(_ids, newErrorId, principal);
        _waits = new ExportWaits(limits.UndefinedWait);
        _intake = new ExportIntake(limits, _ids, _transitions, _waits, newErrorId, principal);
    }

    /// <summary>Whether the session has ended and rejects new operations.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The number of exports that are available or pending.</summary>
    public int LiveCount => _ids.LiveCount;

    /// <summary>The number of operations whose callers wait.</summary>
    public int WaitingCount => _transitions.WaitingCount;

    /// <summary>The number of entries in memory: exports, operations, failures, and intervals of removed ids.</summary>
    public int EntryCount => _ids.EntryCount + _transitions.EntryCount;

    /// <summary>The time at which <see cref="EndWaits"/> must be called next.</summary>
    public DateTimeOffset? NextWaitEnd => _waits.NextEnd;

    /// <summary>Dequeues the next side effect.</summary>
    public bool TryTakeEffect([NotNullWhen(true)] out ExportEffect? effect) => _transitions.TryTakeEffect(out effect);

    /// <summary>Returns the exports that are available or pending, in no particular order.</summary>
    public IEnumerable<(int Id, ExportState State, ExportValue? Value)> ListLive() =>
        _ids.Nodes.Values.Where(node => !node.State.IsTerminal()).Select(node => (node.Id, node.State, node.Value));

    /// <summary>Returns the value of an export, or null if it is not available.</summary>
    public ExportValue? Find(int id) => _ids.Find(id) is { State: ExportState.Exported } node ? node.Value : null;

    /// <summary>Returns the state of an export, or null for an id that was never used.</summary>
    public ExportState? StateOf(int id) => _ids.StateOf(id);

    /// <summary>Defines operations: all of them or, if one is rejected, none.</summary>
    /// <returns>The keys of the operations, in their order.</returns>
    /// <exception cref="FaultException">An operation is rejected; no export was changed.</exception>
    public ImmutableArray<long> Define(ImmutableArray<ExportDefinition> definitions, DateTimeOffset now)
    {
        RequireOpen();
        return _intake.Define(definitions, now);
    }

    /// <summary>Starts a queued operation.</summary>
    /// <returns>The values of its sources, in order; null if the operation must not run any more.</returns>
    public ImmutableArray<ExportValue>? Start(long key)
    {
        if (!_transitions.Operations.TryGetValue(key, out var node) || node.State != ExportState.Queued)
            return null;
        node.IsWorking = true;
        _transitions.Move(node, ExportState.Running);
        ImmutableArray<ExportValue> values = [.. node.Dependencies!.Select(dependency => dependency.Value!)];
        if (!values.Any(value => value.Reference.Kind == ObjectKind.Null))
            return values;
        Fail(key, new Fault(FaultCode.InvalidArgument, "A source is null"));
        return null;
    }

    /// <summary>Completes a running operation.</summary>
    /// <param name="key">The operation.</param>
    /// <param name="value">The result, held for the export; null for an operation without one.</param>
    /// <returns>False if the result is no longer needed; the value is released then.</returns>
    public bool Complete(long key, ExportValue? value)
    {
        if (!_transitions.Operations.TryGetValue(key, out var node))
            return false;
        node.IsWorking = false;
        node.Value = value;
        var wanted = node.State == ExportState.Running;
        if (wanted)
            _transitions.Succeed(node);
        _transitions.Finish(node);
        _transitions.ReleaseIfUnused(node);
        return wanted;
    }

    /// <summary>Fails a running operation.</summary>
    /// <param name="key">The operation.</param>
    /// <param name="fault">The failure.</param>
    /// <param name="isPassedOn">Whether dependents fail with the same fault, regardless of its code.</param>
    public void Fail(long key, Fault fault, bool isPassedOn = false)
    {
        if (!_transitions.Operations.TryGetValue(key, out var node))
            return;
        node.IsWorking = false;
        if (!node.IsSettled)
            _transitions.Fail(node, ExportFailure.Failed(fault, isPassedOn || node.IsTicket, _newErrorId));
        _transitions.Finish(node);
        _transitions.Propagate();
    }

    /// <summary>Releases an export, or cancels it if it is pending.</summary>
    /// <exception cref="FaultException">UNAVAILABLE: the id was never used.</exception>
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

    /// <summary>Cancels an operation without an export.</summary>
    public void Abandon(long key)
    {
        if (_transitions.Operations.TryGetValue(key, out var node) && !node.IsExport && !node.IsSettled)
            _transitions.Cancel(node);
        _transitions.Propagate();
    }

    /// <summary>Reserves ids for exports that the server defines.</summary>
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

    /// <summary>Defines the export of a reserved id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="value">The value, held for the export.</param>
    /// <param name="fault">The failure if there is no value.</param>
    /// <returns>False if the session has ended; nothing was changed.</returns>
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

    /// <summary>Records that an export is published under a shared ticket.</summary>
    /// <returns>False if the export has been released or has failed.</returns>
    /// <exception cref="FaultException">The id is 0, or an unknown negative id.</exception>
    public bool Publish(int id, string sharedId)
    {
        RequireOpen();
        if (ExportAdmission.FaultOfSource(id, StateOf(id)) is { } fault)
            throw new FaultException(fault);
        if (StateOf(id) is null)
            _intake.RequireRoomForExports(1);
        if (_intake.GetOrAdd(id) is not { } node)
            return false;
        (node.SharedIds ??= new(StringComparer.Ordinal)).Add(sharedId);
        return true;
    }

    /// <summary>Reverts <see cref="Publish"/> after a failure.</summary>
    /// <returns>Whether the export was published.</returns>
    public bool Unpublish(int id, string sharedId) => _ids.Find(id)?.SharedIds?.Remove(sharedId) == true;

    /// <summary>Returns whether an export is published under a shared ticket.</summary>
    public bool IsPublished(int id, string sharedId) => _ids.Find(id)?.SharedIds?.Contains(sharedId) == true;

    /// <summary>Fails the operations that have waited too long for undefined exports.</summary>
    public void EndWaits(DateTimeOffset now)
    {
        while (_waits.TryTakeEnded(now) is { } node)
        {
            if (!node.IsSettled && ExportIntake.UndefinedDependencyOf(node) is { } parent)
                _transitions.Fail(node, ExportFailure.NeverFound(parent.Id, _newErrorId));
        }

        _transitions.Propagate();
    }

    /// <summary>Ends the session: releases available exports and cancels pending ones.</summary>
    public void End()
    {
        if (HasEnded)
            return;
        HasEnded = true;

        // All exports first: the caller of an export receives that this export was cancelled, not one of its sources.
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
        foreach (var node in _transitions.Operations.Values.Where(node => !node.IsSettled).ToArray())
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
