namespace Wharf.Grains.Sessions;

/// <summary>
/// The operations that wait for undefined exports, in the order of their timeouts. All have the same timeout, so this is the order of their arrival.
/// </summary>
internal sealed class ExportWaits(TimeSpan wait)
{
    // Operations whose source was defined in time are removed once they outnumber the others.
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
