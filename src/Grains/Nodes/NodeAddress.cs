namespace Wharf.Grains.Nodes;

/// <summary>The address of this node for other nodes; available once its port is open.</summary>
public sealed class NodeAddress
{
    private volatile Uri? _flight;

    /// <summary>The address of its Flight service.</summary>
    public Uri? Flight
    {
        get => _flight;
        set => _flight = value;
    }
}
