using Apache.Arrow;

namespace Wharf.Plugins;

/// <summary>Creates tables.</summary>
public interface ITableFactory
{
    /// <summary>Creates a table without columns.</summary>
    /// <param name="size">The number of rows, 0 or more.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table.</returns>
    ValueTask<ITable> EmptyAsync(long size, CancellationToken cancellationToken = default);

    /// <summary>Creates a table from Arrow data.</summary>
    /// <param name="schema">Its columns.</param>
    /// <param name="batches">Its rows; they must not be modified or disposed afterwards.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table.</returns>
    /// <exception cref="PluginException">The batches do not match the schema.</exception>
    ValueTask<ITable> CreateAsync(Schema schema, IReadOnlyList<RecordBatch> batches, CancellationToken cancellationToken = default);
}
