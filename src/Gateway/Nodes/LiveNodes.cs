using Orleans.Runtime;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Nodes;

/// <summary>The nodes of the cluster as a gateway without a silo has read them, and tokens that are cancelled when a node is lost.</summary>
internal sealed class LiveNodes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, CancellationTokenSource> _nodes = [];
    private SiloAddress[] _active = [];
    private CancellationTokenSource _nextLoss = new();
    private long _version;
    private int _next;
    private volatile bool _isConnected;

    /// <summary>Whether the cluster answered the last request.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>The active nodes.</summary>
    public IReadOnlyList<SiloAddress> Active
    {
        get
        {
            lock (_lock)
                return _active;
        }
    }

    /// <summary>The version of the node list.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>A token that is cancelled when the next node is lost.</summary>
    public CancellationToken NextLoss
    {
        get
        {
            lock (_lock)
                return _nextLoss.Token;
        }
    }

    /// <summary>Returns a token that is cancelled when the node is lost. It is never cancelled for a node that is not in the list: calls to such a node fail by themselves.</summary>
    public CancellationToken LossOf(SiloAddress node)
    {
        lock (_lock)
            return _nodes.TryGetValue(node, out var known) ? known.Token : CancellationToken.None;
    }

    /// <summary>Selects an active node, round-robin.</summary>
    /// <returns>The node, or null if no node is active.</returns>
    public SiloAddress? Take()
    {
        lock (_lock)
            return _active.Length == 0 ? null : _active[(int)((uint)_next++ % (uint)_active.Length)];
    }

    /// <summary>Replaces the list, and cancels the tokens of lost nodes.</summary>
    public void Accept(NodeList list)
    {
        List<CancellationTokenSource> lost = [];
        lock (_lock)
        {
            // The list of one node may be older than that of the node before. A list without any known node belongs to a new cluster.
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

    /// <summary>Records that no node answers.</summary>
    public void Disconnect() => _isConnected = false;
}
