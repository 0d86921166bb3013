using Wharf.Plugins;

namespace Wharf.Grains.Objects;

/// <summary>The named objects of the cluster, for the program that hosts a node. To plugins the program is another plugin object.</summary>
public interface IProgramObjects
{
    /// <summary>Creates tables, which are held until the node stops.</summary>
    ITableFactory Tables { get; }

    /// <summary>Sets a scope variable to an object of the program. Replaces any object except a configured one.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">An object that an object type recognizes, or a table of <see cref="Tables"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when every session can see the variable.</returns>
    /// <exception cref="ArgumentException">No type recognizes the object.</exception>
    /// <exception cref="PluginException">The variable cannot be set.</exception>
    ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default);

    /// <summary>Removes a scope variable.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if the variable existed.</returns>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Finds the .NET object of a scope variable.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object; null if the variable does not exist, is a table, or is on another node.</returns>
    ValueTask<object?> FindAsync(string name, CancellationToken cancellationToken = default);
}
