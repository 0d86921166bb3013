using System.Diagnostics.CodeAnalysis;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>
/// What becomes of exports and of work, one after the other: who hears of it, what is let go, and who fails with whom. What the world has to do about it is put down as
/// effects, in order.
/// </summary>
internal sealed class ExportTransitions(ExportIds ids, Func<string> newErrorId, PrincipalCalls.Count? principal = null)
{
    private readonly Dictionary<long, ExportNode> _work = [];
    private readonly Queue<ExportNode> _failing = new();
    private readonly Queue<ExportEffect> _effects = new();

    /// <summary>Work that is not over, by its keys.</summary>
    public IReadOnlyDictionary<long, ExportNode> Work => _work;

    /// <summary>Pieces of work that someone waits for.</summary>
    public int WaitingCount { get; private set; }

    /// <summary>How many things are kept in memory.</summary>
    public int Remembered => _work.Count + _effects.Count;

    /// <summary>Takes the next thing that the world has to do.</summary>
    public bool TryTakeEffect([NotNullWhen(true)] out ExportEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Takes up work that a caller waits for.</summary>
    public void Expect(ExportNode node)
    {
        node.IsDefined = true;
        node.HasCaller = true;
        _work.Add(node.Key, node);
        WaitingCount++;
        principal?.Add(1);
    }

    /// <summary>Has a ticket answered that is not the session's own.</summary>
    public void Resolve(ExportNode node, string ticket)
    {
        _work.Add(node.Key, node);
        _effects.Enqueue(new ResolveEffect(node.Key, ticket));
    }

    /// <summary>Has work begun that waits for nothing any more.</summary>
    public void Queue(ExportNode node)
    {
        Move(node, ExportState.Queued);
        _effects.Enqueue(new RunEffect(node.Key));
    }

    /// <summary>The export is somewhere else in its life now; followers are told.</summary>
    public void Move(ExportNode node, ExportState state)
    {
        node.State = state;
        if (node.IsExport)
            _effects.Enqueue(new NotifyEffect(node.Id, state, node.Failure?.ErrorId ?? "", node.Failure?.DependentHandle ?? "", node.Value));
    }

    /// <summary>The work is done, and its result is wanted: what waited for nothing else begins.</summary>
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

    /// <summary>The export or the work failed. Those who wait for it are told by <see cref="Propagate"/>.</summary>
    public void Fail(ExportNode node, ExportFailure failure)
    {
        Settle(node, failure.State, failure);
        if (node.IsExport && ids.Bury(node) is { } forgotten)
            Withdraw(forgotten);
        if (!node.IsWorking)
            Finish(node);
        else
            _effects.Enqueue(new StopEffect(node.Key));
        _failing.Enqueue(node);
    }

    /// <summary>Nobody wants it any more.</summary>
    public void Cancel(ExportNode node)
    {
        Withdraw(node);
        Fail(node, ExportFailure.Cancelled);
    }

    /// <summary>Tells those who wait for something that failed, and those who wait for them; without recursion, for a chain may be long.</summary>
    public void Propagate()
    {
        while (_failing.TryDequeue(out var node))
        {
            foreach (var dependent in node.Dependents ?? [])
            {
                if (!dependent.IsSettled)
                    Fail(dependent, ExportFailure.Because(node, newErrorId));
            }

            node.Dependents = null;
        }
    }

    /// <summary>Gives up an export that is there.</summary>
    public void Release(ExportNode node)
    {
        Withdraw(node);
        Move(node, ExportState.Released);
        ids.Release(node);
        LetGoIfUnused(node);
    }

    /// <summary>Frees the shared tickets of an export.</summary>
    public void Withdraw(ExportNode node)
    {
        foreach (var sharedId in node.SharedIds ?? [])
            _effects.Enqueue(new WithdrawEffect(node.Id, sharedId));
        node.SharedIds = null;
    }

    /// <summary>The work has come to its end, whatever that was: it reads nothing any more.</summary>
    public void Finish(ExportNode node)
    {
        _work.Remove(node.Key);
        foreach (var dependency in node.Dependencies ?? [])
        {
            dependency.Uses--;
            LetGoIfUnused(dependency);
        }

        node.Dependencies = null;
    }

    /// <summary>Lets go of a value that nobody reads and nobody can name any more.</summary>
    public void LetGoIfUnused(ExportNode node)
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

    /// <summary>Work is over for the one who waits for it: followers are told, then the caller.</summary>
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
