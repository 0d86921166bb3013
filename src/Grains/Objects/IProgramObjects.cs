using Wharf.Plugins;

namespace Wharf.Grains.Objects;

/// <summary>What the program that a node runs in does with the named objects of the cluster; to plugins it is another plugin object.</summary>
public interface IProgramObjects
{
    /// <summary>Makes tables, which live until the node stops.</summary>
    ITableFactory Tables { get; }

    /// <summary>Puts an object of the program into a scope variable, over whatever was there unless the configuration put it there.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">An object that some object type recognizes, or a table of <see cref="Tables"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when every session can see it.</returns>
    /// <exception cref="ArgumentException">No type recognizes the object.</exception>
    /// <exception cref="PluginException">It was refused.</exception>
    ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default);

    /// <summary>Takes a scope variable away.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when there was one.</returns>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Finds the .NET object of a scope variable.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object; null when there is no such variable, or it is a table, or lives on another node.</returns>
    ValueTask<object?> FindAsync(string name, CancellationToken cancellationToken = default);
}
