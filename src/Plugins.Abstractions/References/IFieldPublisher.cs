namespace Wharf.Plugins;

/// <summary>The named fields of the cluster from plugin code: what is put here, every session can open by name, and what sessions, plugins and the configuration have put here can be found.</summary>
public interface IFieldPublisher
{
    /// <summary>Puts an object into the scope variable of a name, over whatever was there.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">As a reference in <see cref="IMessageStream.Send(ReadOnlyMemory{byte}, IReadOnlyList{object?})"/>; not null.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when every session can see it.</returns>
    /// <exception cref="PluginException">FAILED_PRECONDITION: the field's own object is being made by the running call.</exception>
    ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default);

    /// <summary>Takes the scope variable of a name away.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True when there was one.</returns>
    /// <exception cref="PluginException">FAILED_PRECONDITION: the field's own object is being made by the running call.</exception>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Finds the object of a name, wherever in the cluster it lives.</summary>
    /// <param name="name">A scope variable, or <c>app/{application}/field/{field}</c>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>
    /// A kept handle, which is good until it is disposed: an <see cref="ITable"/> for a table, an <see cref="IObjectReference"/> for a plugin object, with its type; null when there is no such name.
    /// </returns>
    /// <exception cref="PluginException">FAILED_PRECONDITION: the field's own object is being made by the running call.</exception>
    ValueTask<IServerObject?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lists the named fields of the cluster, without holding any of their objects.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The names with the types of their objects, ordered by name.</returns>
    ValueTask<IReadOnlyList<NamedField>> ListAsync(CancellationToken cancellationToken = default);
}
