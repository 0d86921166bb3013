using Wharf.Grains.Objects;

namespace Wharf.Grains.Fields;

/// <summary>The nodes that offer each object type, in the order of their offers.</summary>
internal sealed class ObjectTypeOffers
{
    private Dictionary<string, List<string>> _byType = [];

    /// <summary>The nodes by type, for the record.</summary>
    public Dictionary<string, List<string>> All => _byType;

    /// <summary>Restores the nodes from the record.</summary>
    public void Restore(Dictionary<string, List<string>> stored) => _byType = stored;

    /// <summary>Returns the nodes that offer a type.</summary>
    public string[] NodesOf(string typeName) => _byType.TryGetValue(typeName, out var nodes) ? [.. nodes] : [];

    /// <summary>Registers the types of a node. The node replaces an earlier one at the same address.</summary>
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

    /// <summary>Removes a node.</summary>
    public void Remove(string node)
    {
        foreach (var nodes in _byType.Values)
            nodes.Remove(node);
    }

    private static bool IsAtSameAddress(string one, string other) =>
        one == other || (ObjectId.TryParse(one, out var a) && ObjectId.TryParse(other, out var b) && a.Silo.Endpoint.Equals(b.Silo.Endpoint));
}
