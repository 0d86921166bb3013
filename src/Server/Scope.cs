using Wharf.Grains.Objects;
using Wharf.Plugins;

namespace Wharf.Server;

/// <summary>
/// The named objects of a server, for its program. Every session of the cluster can list them and connect to them. An object is served by the object type that recognizes it. It ends
/// when its last holder, such as a name, releases it, and is disposed if it is disposable.
/// </summary>
public sealed class Scope
{
    private readonly Func<IProgramObjects> _objects;

    internal Scope(Func<IProgramObjects> objects) => _objects = objects;

    /// <summary>
    /// Gets the object of a name, or publishes an object under a name, as <see cref="SetAsync"/>. Both block the calling thread; asynchronous code should use <see cref="SetAsync"/>
    /// and <see cref="FindAsync"/>.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <returns>The object.</returns>
    /// <exception cref="KeyNotFoundException">The name does not exist, or its object is a table or is on another node.</exception>
    /// <exception cref="ArgumentException">No object type recognizes the object.</exception>
    public object this[string name]
    {
        // Runs on the thread pool: the synchronization context of the caller may be needed to complete the call.
        get => Task.Run(() => FindAsync(name).AsTask()).GetAwaiter().GetResult() ?? throw new KeyNotFoundException($"this program has no object '{name}'");
        set => Task.Run(() => SetAsync(name, value).AsTask()).GetAwaiter().GetResult();
    }

    /// <summary>Publishes an object under a name. Replaces the object of the name, unless it is configured.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">An object that an object type recognizes, or a table.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the name is visible to every session.</returns>
    /// <exception cref="ArgumentException">No object type recognizes the object.</exception>
    /// <exception cref="PluginException">PERMISSION_DENIED: the name is configured. INVALID_ARGUMENT: the name is longer than 256 bytes or not printable. Other statuses: the object was refused.</exception>
    public ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default) => _objects().SetAsync(name, value, cancellationToken);

    /// <summary>Finds the object of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object; null if the name does not exist, or its object is a table or is on another node.</returns>
    public ValueTask<object?> FindAsync(string name, CancellationToken cancellationToken = default) => _objects().FindAsync(name, cancellationToken);

    /// <summary>Removes a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if it existed.</returns>
    public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default) => _objects().RemoveAsync(name, cancellationToken);
}
