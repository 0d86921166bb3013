namespace Wharf.Plugins;

/// <summary>
/// A handle of a server-side object on any node of the cluster, for plugin code and for clients. Equal handles of plugin code refer to the same object.
/// </summary>
/// <remarks>
/// A handle that plugin code receives with a message or creates in a handler holds its object until the handler returns. <see cref="KeepAsync"/> holds it for longer.
/// A handle that is sent to a client becomes a reference of that client.
/// </remarks>
public interface IServerObject : IAsyncDisposable
{
    /// <summary>The id of the object: in the cluster for plugin code, in the session for a client.</summary>
    string Id { get; }

    /// <summary>The name of the object's type: <c>Table</c> for tables, empty if no type recognizes the object.</summary>
    string Type { get; }

    /// <summary>Creates a handle that also holds the object: after the handler has returned in plugin code, after this handle is disposed on a client.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A handle that holds the object until the handle, or the plugin object that keeps it, is disposed.</returns>
    ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default);
}
