using Apache.Arrow;

namespace Wharf.Plugins;

/// <summary>Makes tables.</summary>
public interface ITableFactory
{
    /// <summary>Makes a table without columns.</summary>
    /// <param name="size">The number of rows, 0 or more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The table.</returns>
    ValueTask<ITable> EmptyAsync(long size, CancellationToken cancellationToken = default);

    /// <summary>Makes a table from Arrow data.</summary>
    /// <param name="schema">Its columns.</param>
    /// <param name="batches">Its rows; not to be changed or disposed afterwards.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The table.</returns>
    /// <exception cref="PluginException">The batches do not fit the schema.</exception>
    ValueTask<ITable> CreateAsync(Schema schema, IReadOnlyList<RecordBatch> batches, CancellationToken cancellationToken = default);
}
