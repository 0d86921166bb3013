using System.Diagnostics.CodeAnalysis;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>
/// The state transitions of exports and operations, and their propagation to dependents. The resulting side effects are queued
/// in order.
/// </summary>
internal sealed class ExportTransitions(ExportIds ids, Func<string> newErrorId, PrincipalCalls.Count? principal = null)
{
    private readonly Dictionary<long, ExportNode> _operations = [];
    private readonly Queue<ExportNode> _failing = new();
    private readonly Queue<ExportEffect> _effects = new();

    /// <summary>The operations that have not ended, by key.</summary>
    public IReadOnlyDictionary<long, ExportNode> Operations => _operations;

    /// <summary>The number of operations whose callers wait.</summary>
    public int WaitingCount { get; private set; }

    /// <summary>The number of entries in memory.</summary>
    public int EntryCount => _operations.Count + _effects.Count;

    /// <summary>Dequeues the next side effect.</summary>
    public bool TryTakeEffect([NotNullWhen(true)] out ExportEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Adds an operation whose caller waits.</summary>
    public void AddOperation(ExportNode node)
    {
        node.IsDefined = true;
        node.HasCaller = true;
        _operations.Add(node.Key, node);
        WaitingCount++;
        principal?.Add(1);
    }

    /// <summary>Adds a ticket and requests its resolution.</summary>
    public void AddTicket(ExportNode node, string ticket)
    {
        _operations.Add(node.Key, node);
        _effects.Enqueue(new ResolveEffect(node.Key, ticket));
    }

    /// <summary>Queues an operation whose sources are all available.</summary>
    public void Queue(ExportNode node)
    {
        Move(node, ExportState.Queued);
        _effects.Enqueue(new RunEffect(node.Key));
    }

    /// <summary>Changes the state of an export and notifies its followers.</summary>
    public void Move(ExportNode node, ExportState state)
    {
        node.State = state;
        if (node.IsExport)
            _effects.Enqueue(new NotifyEffect(node.Id, state, node.Failure?.ErrorId ?? "", node.Failure?.DependentHandle ?? "", node.Value));
    }

    /// <summary>Completes an operation whose result is needed, and queues the dependents whose sources are all available.</summary>
    public void Succeed(ExportNode node)
    {
        Settle(node, ExportState.Exported, failure: null);
        foreach (var dependent in node.Dependents ?? [])
        {
            if (--dependent.Missing == 0 && dependent.State == ExportState.Pending)
                Queue(dependent);
        }

        node.Dependents = null;
    }

    /// <summary>Fails an export or an operation. <see cref="Propagate"/> fails its dependents.</summary>
    public void Fail(ExportNode node, ExportFailure failure)
    {
        Settle(node, failure.State, failure);
        if (node.IsExport && ids.AddFailure(node) is { } dropped)
            Withdraw(dropped);
        if (!node.IsWorking)
            Finish(node);
        else
            _effects.Enqueue(new StopEffect(node.Key));
        _failing.Enqueue(node);
    }

    /// <summary>Cancels an export or an operation.</summary>
    public void Cancel(ExportNode node)
    {
        Withdraw(node);
        Fail(node, ExportFailure.Cancelled);
    }

    /// <summary>Fails the direct and indirect dependents of failed operations; without recursion, because a chain may be long.</summary>
    public void Propagate()
    {
        while (_failing.TryDequeue(out var node))
        {
            foreach (var dependent in node.Dependents ?? [])
            {
                if (!dependent.IsSettled)
                    Fail(dependent, ExportFailure.OfParent(node, newErrorId));
            }

            node.Dependents = null;
        }
    }

    /// <summary>Releases an available export.</summary>
    public void Release(ExportNode node)
    {
        Withdraw(node);
        Move(node, ExportState.Released);
        ids.Release(node);
        ReleaseIfUnused(node);
    }

    /// <summary>Frees the shared tickets of an export.</summary>
    public void Withdraw(ExportNode node)
    {
        foreach (var sharedId in node.SharedIds ?? [])
            _effects.Enqueue(new WithdrawEffect(node.Id, sharedId));
        node.SharedIds = null;
    }

    /// <summary>Removes an operation that has ended, and its uses of its sources.</summary>
    public void Finish(ExportNode node)
    {
        _operations.Remove(node.Key);
        foreach (var dependency in node.Dependencies ?? [])
        {
            dependency.Uses--;
            ReleaseIfUnused(dependency);
        }

        node.Dependencies = null;
    }

    /// <summary>Releases a value that no operation uses and no ticket refers to.</summary>
    public void ReleaseIfUnused(ExportNode node)
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
            _effects.Enqueue(new ReleaseEffect(node.Id, node.Key, value.Reference));
    }

    /// <summary>Ends an operation for its waiters: followers are notified before the caller.</summary>
    private void Settle(ExportNode node, ExportState state, ExportFailure? failure)
    {
        node.Failure = failure;
        Move(node, state);
        if (!node.HasCaller)
            return;
        node.HasCaller = false;
        WaitingCount--;
        principal?.Add(-1);
        _effects.Enqueue(new AnswerEffect(node.Key, node.Value, failure?.Fault, failure?.EndsBatch ?? false));
    }
}
