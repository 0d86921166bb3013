using Wharf.Grains.Objects;
using Wharf.Plugins;

namespace Wharf.Server;

/// <summary>
/// The named objects of a server, as its program sees them. What is put here every session of the cluster can list and connect to; it is served as the object type says that
/// recognizes it. An object that nobody holds any more, a name included, ends, and is disposed if it can be.
/// </summary>
public sealed class Scope
{
    private readonly Func<IProgramObjects> _objects;

    internal Scope(Func<IProgramObjects> objects) => _objects = objects;

    /// <summary>
    /// Puts an object under a name, over whatever was there unless the configuration put it there, and returns when every session can see it; or finds the object of a name. Both wait for the server:
    /// asynchronous code has <see cref="SetAsync"/> and <see cref="FindAsync"/>.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <returns>The object.</returns>
    /// <exception cref="KeyNotFoundException">There is no such name, or what it names is a table or lives on another node.</exception>
    /// <exception cref="ArgumentException">No object type recognizes the object.</exception>
    public object this[string name]
    {
        // On a thread of the pool: the caller's own may be one that the answer needs.
        get => Task.Run(() => FindAsync(name).AsTask()).GetAwaiter().GetResult() ?? throw new KeyNotFoundException($"there is no object '{name}' in this program");
        set => Task.Run(() => SetAsync(name, value).AsTask()).GetAwaiter().GetResult();
    }

    /// <summary>Puts an object under a name, over whatever was there unless the configuration put it there.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The object, which some object type recognizes; or a table.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when every session can see it.</returns>
    /// <exception cref="ArgumentException">No object type recognizes the object.</exception>
    /// <exception cref="PluginException">PERMISSION_DENIED: the name is configured. INVALID_ARGUMENT: it is longer than 256 bytes or not printable. Or it was refused otherwise.</exception>
    public ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default) => _objects().SetAsync(name, value, cancellationToken);

    /// <summary>Finds the object of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object; null when there is none, or it is a table or lives on another node.</returns>
    public ValueTask<object?> FindAsync(string name, CancellationToken cancellationToken = default) => _objects().FindAsync(name, cancellationToken);

    /// <summary>Takes a name away.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when there was one.</returns>
    public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default) => _objects().RemoveAsync(name, cancellationToken);
}
