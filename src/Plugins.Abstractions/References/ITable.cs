using Apache.Arrow;
using Wharf.Tables;

namespace Wharf.Plugins;

/// <summary>A table that someone handed to the plugin or that it made, wherever its data is.</summary>
public interface ITable : IServerObject
{
    /// <summary>The number of rows.</summary>
    long Size { get; }

    /// <summary>The columns.</summary>
    Schema Schema { get; }

    /// <summary>Runs a table operation on this table.</summary>
    /// <param name="operation">The operation; this table is its first input.</param>
    /// <param name="further">Its further inputs, if it takes more than one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The result.</returns>
    /// <exception cref="PluginException">The operation failed, with the status and the message of the failure.</exception>
    ValueTask<ITable> RunAsync(TableOperation operation, IReadOnlyList<ITable>? further = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the rows.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Record batches, none for a table without rows.</returns>
    IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken = default);
}

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
