using Apache.Arrow;
using Wharf.Tables;

namespace Wharf.Plugins;

/// <summary>A table on any node of the server, for plugin code and for clients.</summary>
public interface ITable : IServerObject
{
    /// <summary>The number of rows.</summary>
    long Size { get; }

    /// <summary>The columns.</summary>
    Schema Schema { get; }

    /// <summary>Runs a table operation on this table.</summary>
    /// <param name="operation">The operation; this table is its first input.</param>
    /// <param name="further">Its further inputs, if it takes more than one.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The result.</returns>
    /// <remarks>A failure has the status and the message of the server: a <c>PluginException</c> in plugin code, a <c>WharfException</c> on a client.</remarks>
    ValueTask<ITable> RunAsync(TableOperation operation, IReadOnlyList<ITable>? further = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the rows.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The record batches; none for a table without rows.</returns>
    IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken = default);
}
