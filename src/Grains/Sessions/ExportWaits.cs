namespace Wharf.Grains.Sessions;

/// <summary>Work that waits for exports which nobody has defined, by the time at which it has waited long enough. All wait equally long, so that the first to come is the first to end.</summary>
internal sealed class ExportWaits(TimeSpan wait)
{
    // Work whose export came in time is dropped once there is more of it than of the rest.
    private const int Spare = 1024;

    private Queue<ExportNode> _nodes = new();
    private int _keep = Spare;

    public DateTimeOffset? NextEnd => _nodes.TryPeek(out var node) ? node.WaitEnd : null;

    public void Add(ExportNode node, DateTimeOffset now)
    {
        node.WaitEnd = now + wait;
        _nodes.Enqueue(node);
        if (_nodes.Count <= _keep)
            return;
        _nodes = new Queue<ExportNode>(_nodes.Where(waiting => waiting.State == Protocol.ExportState.Pending));
        _keep = (_nodes.Count * 2) + Spare;
    }

    public ExportNode? TryTakeEnded(DateTimeOffset now) => NextEnd <= now ? _nodes.Dequeue() : null;
}
