using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>The export ids of a session: the nodes of those in use and of the latest failures, and the final states of all others.</summary>
/// <param name="storedFailures">The maximum number of failures that are stored with their reason.</param>
internal sealed class ExportIds(int storedFailures)
{
    private readonly Dictionary<int, ExportNode> _nodes = [];
    private readonly IdIntervals _released = new();
    private readonly IdIntervals _droppedFailures = new();
    private readonly Queue<int> _failures = new();

    /// <summary>The nodes by id.</summary>
    public IReadOnlyDictionary<int, ExportNode> Nodes => _nodes;

    /// <summary>The number of exports that are available or pending. May be read from any thread.</summary>
    public int LiveCount { get; private set; }

    /// <summary>The number of entries in memory.</summary>
    public int EntryCount => _nodes.Count + _failures.Count + _released.Count + _droppedFailures.Count;

    /// <summary>Finds the node of an id.</summary>
    public ExportNode? Find(int id) => _nodes.GetValueOrDefault(id);

    /// <summary>Returns the state of an export, or null for an id that was never used.</summary>
    public ExportState? StateOf(int id) =>
        _nodes.TryGetValue(id, out var node) ? node.State
        : _released.Contains(id) ? ExportState.Released
        : _droppedFailures.Contains(id) ? ExportState.Failed
        : null;

    /// <summary>Adds the node of a new id.</summary>
    public void Add(ExportNode node)
    {
        _nodes.Add(node.Id, node);
        LiveCount++;
    }

    /// <summary>Removes an export that was released.</summary>
    public void Release(ExportNode node)
    {
        _nodes.Remove(node.Id);
        _released.Add(node.Id);
        LiveCount--;
    }

    /// <summary>Records an export that failed.</summary>
    /// <returns>The oldest failed export, which is removed if there are too many.</returns>
    public ExportNode? AddFailure(ExportNode node)
    {
        LiveCount--;
        _failures.Enqueue(node.Id);
        if (_failures.Count <= storedFailures)
            return null;
        var oldest = _failures.Dequeue();
        _nodes.Remove(oldest, out var dropped);
        _droppedFailures.Add(oldest);
        return dropped;
    }

    /// <summary>Removes all ids.</summary>
    public void Clear()
    {
        _nodes.Clear();
        _nodes.TrimExcess();
        _failures.Clear();
        _released.Clear();
        _droppedFailures.Clear();
    }
}
