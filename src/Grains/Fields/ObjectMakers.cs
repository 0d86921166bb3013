using Wharf.Grains.Objects;

namespace Wharf.Grains.Fields;

/// <summary>Which nodes can make which objects, in the order in which they said so.</summary>
internal sealed class ObjectMakers
{
    private Dictionary<string, List<string>> _byType = [];

    /// <summary>Everything, to be stored.</summary>
    public Dictionary<string, List<string>> All => _byType;

    /// <summary>Takes up what was stored.</summary>
    public void Restore(Dictionary<string, List<string>> stored) => _byType = stored;

    /// <summary>The nodes that can make a type; none when nobody said so.</summary>
    public string[] Of(string typeName) => _byType.TryGetValue(typeName, out var nodes) ? [.. nodes] : [];

    /// <summary>Takes note of what a node can make. It takes the place of one that was at the same address before.</summary>
    public void Offer(string node, IEnumerable<string> typeNames)
    {
        foreach (var nodes in _byType.Values)
            nodes.RemoveAll(other => IsAtSameAddress(other, node));
        foreach (var typeName in typeNames)
        {
            if (!_byType.TryGetValue(typeName, out var nodes))
                _byType[typeName] = nodes = [];
            nodes.Add(node);
        }
    }

    /// <summary>Forgets a node.</summary>
    public void Forget(string node)
    {
        foreach (var nodes in _byType.Values)
            nodes.Remove(node);
    }

    private static bool IsAtSameAddress(string one, string other) =>
        one == other || (ObjectId.TryParse(one, out var a) && ObjectId.TryParse(other, out var b) && a.Silo.Endpoint.Equals(b.Silo.Endpoint));
}
