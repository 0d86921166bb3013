using System.Collections.Concurrent;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Tests.Cluster;

/// <summary>The objects and tables of a test cluster: who holds them, and what the tests let their work come to. Shared by its silos.</summary>
public sealed class World
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _holders = [];
    private readonly HashSet<string> _lost = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _last;

    /// <summary>The runs of table operations, by their ids; a run is pending until the test sets its outcome.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource<TableOperationOutcome>> Runs { get; } = new();

    public ConcurrentDictionary<string, TableOperationRequest> RunRequests { get; } = new();

    public ConcurrentBag<string> CancelledRuns { get; } = [];

    /// <summary>Runs that wait for the test; others are done at once.</summary>
    public bool HoldRuns { get; set; }

    public ConcurrentBag<string> Made { get; } = [];

    public ObjectReference NewObject(string type = "Echo") => new($"object-{Interlocked.Increment(ref _last)}", ObjectKind.PluginObject, type, 1);

    public ObjectReference NewTable() => new($"table-{Interlocked.Increment(ref _last)}", ObjectKind.Table, ObjectReference.TableType, 1);

    public string[] HoldersOf(ObjectReference reference)
    {
        lock (_lock)
            return [.. _holders.GetValueOrDefault(reference.ObjectId, []).Order(StringComparer.Ordinal)];
    }

    public string[] AllHolders
    {
        get
        {
            lock (_lock)
                return [.. _holders.Values.SelectMany(static holders => holders)];
        }
    }

    public void Lose(ObjectReference reference)
    {
        lock (_lock)
            _lost.Add(reference.ObjectId);
    }

    public void Hold(string objectId, string holder) => Change(() =>
    {
        if (_lost.Contains(objectId))
            throw new FaultException(FaultCode.DataLoss, "lost");
        if (!_holders.TryGetValue(objectId, out var holders))
            _holders[objectId] = holders = [];
        holders.Add(holder);
    });

    public void LetGo(string objectId, string holder) => Change(() => _holders.GetValueOrDefault(objectId)?.Remove(holder));

    public void Note(Action change) => Change(change);

    /// <summary>Waits until the world is as it should be.</summary>
    public async Task Until(Func<bool> condition)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
                changed = _changed.Task;
            if (condition())
                return;
            await changed.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    public Task UntilHeldBy(ObjectReference reference, params string[] holders) => Until(() => HoldersOf(reference).SequenceEqual(holders.Order(StringComparer.Ordinal)));

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
