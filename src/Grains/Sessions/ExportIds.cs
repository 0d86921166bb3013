using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>The export ids of a session: the nodes of those in use and of the last that failed, and in short what became of all others.</summary>
/// <param name="rememberedFailures">So many that failed are remembered with the reason.</param>
internal sealed class ExportIds(int rememberedFailures)
{
    private readonly Dictionary<int, ExportNode> _nodes = [];
    private readonly IdIntervals _released = new();
    private readonly IdIntervals _forgotten = new();
    private readonly Queue<int> _failures = new();

    /// <summary>All nodes by their ids.</summary>
    public IReadOnlyDictionary<int, ExportNode> Nodes => _nodes;

    /// <summary>Exports that are there or may still come. May be asked from any thread.</summary>
    public int LiveCount { get; private set; }

    /// <summary>How many things are kept in memory.</summary>
    public int Remembered => _nodes.Count + _failures.Count + _released.Count + _forgotten.Count;

    /// <summary>The node of an id, or null.</summary>
    public ExportNode? Find(int id) => _nodes.GetValueOrDefault(id);

    /// <summary>Where an export is in its life, or null for an id that was never mentioned.</summary>
    public ExportState? StateOf(int id) =>
        _nodes.TryGetValue(id, out var node) ? node.State
        : _released.Contains(id) ? ExportState.Released
        : _forgotten.Contains(id) ? ExportState.Failed
        : null;

    /// <summary>Takes an id into use.</summary>
    public void Add(ExportNode node)
    {
        _nodes.Add(node.Id, node);
        LiveCount++;
    }

    /// <summary>The export was there, and has been given up.</summary>
    public void Release(ExportNode node)
    {
        _nodes.Remove(node.Id);
        _released.Add(node.Id);
        LiveCount--;
    }

    /// <summary>The export will never be there.</summary>
    /// <returns>One that failed long ago and is forgotten for it, if there are too many.</returns>
    public ExportNode? Bury(ExportNode node)
    {
        LiveCount--;
        _failures.Enqueue(node.Id);
        if (_failures.Count <= rememberedFailures)
            return null;
        var oldest = _failures.Dequeue();
        _nodes.Remove(oldest, out var forgotten);
        _forgotten.Add(oldest);
        return forgotten;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _nodes.Clear();
        _nodes.TrimExcess();
        _failures.Clear();
        _released.Clear();
        _forgotten.Clear();
    }
}
