namespace Wharf.Grains.References;

/// <summary>The streams that an object has opened to other objects; they are closed when the object ends.</summary>
internal sealed class ConnectionSet
{
    private readonly Lock _gate = new();
    private readonly HashSet<ObjectConnection> _connections = [];

    public void Add(ObjectConnection connection)
    {
        lock (_gate)
            _connections.Add(connection);
    }

    public void Remove(ObjectConnection connection)
    {
        lock (_gate)
            _connections.Remove(connection);
    }

    public async Task DisposeAllAsync()
    {
        ObjectConnection[] connections;
        lock (_gate)
            connections = [.. _connections];
        foreach (var connection in connections)
            await connection.DisposeAsync().ConfigureAwait(false);
    }
}
