namespace Wharf.Plugins;

/// <summary>
/// A server-side object, wherever in the cluster it lives: what plugin code is handed and what a client holds. Equal handles of plugin code name the same object.
/// </summary>
/// <remarks>
/// A handle that came with a message, or that a handler made, holds its object until the handler returns. <see cref="KeepAsync"/> holds it for longer.
/// Sending a handle back makes it a reference of the client.
/// </remarks>
public interface IServerObject : IAsyncDisposable
{
    /// <summary>The object's identity: in the cluster for plugin code, in the session for a client.</summary>
    string Id { get; }

    /// <summary>The name of its type: <c>Table</c> for tables, empty when no type recognizes it.</summary>
    string Type { get; }

    /// <summary>Holds the object by a handle of its own: beyond the handler's return in plugin code, beyond this handle's disposal on a client.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A handle that holds the object until it is disposed, or the keeping object is.</returns>
    ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default);
}
