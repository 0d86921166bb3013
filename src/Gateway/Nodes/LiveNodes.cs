using Orleans.Runtime;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Nodes;

/// <summary>The nodes that a gateway without a silo knows of, and what it tells of their loss.</summary>
internal sealed class LiveNodes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, CancellationTokenSource> _nodes = [];
    private SiloAddress[] _active = [];
    private CancellationTokenSource _nextLoss = new();
    private long _version;
    private int _next;
    private volatile bool _isConnected;

    /// <summary>Whether the last question to the cluster was answered.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>The nodes that take work.</summary>
    public IReadOnlyList<SiloAddress> Active
    {
        get
        {
            lock (_lock)
                return _active;
        }
    }

    /// <summary>The version of the cluster that is known.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Fires when any node is lost, the next time that one is.</summary>
    public CancellationToken NextLoss
    {
        get
        {
            lock (_lock)
                return _nextLoss.Token;
        }
    }

    /// <summary>Fires when a node is lost. Never for a node that is not known: calls to it fail by themselves.</summary>
    public CancellationToken LossOf(SiloAddress node)
    {
        lock (_lock)
            return _nodes.TryGetValue(node, out var known) ? known.Token : CancellationToken.None;
    }

    /// <summary>A node that takes work, one after the other.</summary>
    /// <returns>The node, or null when none is known.</returns>
    public SiloAddress? Take()
    {
        lock (_lock)
            return _active.Length == 0 ? null : _active[(int)((uint)_next++ % (uint)_active.Length)];
    }

    /// <summary>Takes note of an answer.</summary>
    public void Accept(NodeList list)
    {
        List<CancellationTokenSource> lost = [];
        lock (_lock)
        {
            // A node may know less than the one that was asked before. A cluster of which nothing is known is another one.
            if (list.Version >= _version || !list.Active.Any(_nodes.ContainsKey))
            {
                _version = list.Version;
                _active = [.. list.Active];
                foreach (var node in list.Active)
                    _nodes.TryAdd(node, new CancellationTokenSource());
                foreach (var (node, loss) in _nodes)
                {
                    if (list.Active.Contains(node) || list.Leaving.Contains(node))
                        continue;
                    _nodes.Remove(node);
                    lost.Add(loss);
                }

                if (lost.Count > 0)
                {
                    lost.Add(_nextLoss);
                    _nextLoss = new CancellationTokenSource();
                }
            }
        }

        _isConnected = true;
        foreach (var loss in lost)
            loss.Cancel();
    }

    /// <summary>Nobody answers.</summary>
    public void Disconnect() => _isConnected = false;
}
