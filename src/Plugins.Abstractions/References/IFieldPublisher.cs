namespace Wharf.Plugins;

/// <summary>
/// Publishes and finds named fields of the cluster. Every session can open a field by its name. Sessions, plugins and the configuration set fields.
/// </summary>
public interface IFieldPublisher
{
    /// <summary>Sets the scope variable of a name, which then belongs to the plugin. Replaces a value that an object of the same plugin has set.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">The object, as a reference in <see cref="IMessageStream.Send(ReadOnlyMemory{byte}, IReadOnlyList{object?})"/>; not null.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the variable is visible to every session.</returns>
    /// <exception cref="PluginException">
    /// FAILED_PRECONDITION: the running call creates the object of this field. PERMISSION_DENIED: the name belongs to another principal. INVALID_ARGUMENT: the name is longer than 256
    /// bytes or not printable. RESOURCE_EXHAUSTED: the plugin has the maximum number of names.
    /// </exception>
    ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default);

    /// <summary>Removes the scope variable of a name.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if it existed.</returns>
    /// <exception cref="PluginException">
    /// FAILED_PRECONDITION: the running call creates the object of this field. PERMISSION_DENIED: the name belongs to another principal.
    /// </exception>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Finds an object by its name, on any node of the cluster.</summary>
    /// <param name="name">A scope variable, or <c>app/{application}/field/{field}</c>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>
    /// A kept handle, which is valid until it is disposed: an <see cref="ITable"/> for a table, or an <see cref="IObjectReference"/> with its type for a
    /// plugin object. Null if the name does not exist.
    /// </returns>
    /// <exception cref="PluginException">FAILED_PRECONDITION: the running call creates the object of this field.</exception>
    ValueTask<IServerObject?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lists the named fields of the cluster, without holding any of their objects.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The names with the types of their objects, ordered by name.</returns>
    ValueTask<IReadOnlyList<NamedField>> ListAsync(CancellationToken cancellationToken = default);
}
