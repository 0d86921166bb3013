namespace Wharf.Tables;

/// <summary>
/// The tables of a node by their object ids. Flight reads and stores tables through this interface and not through grain calls.
/// </summary>
public interface INodeTables
{
    /// <summary>Returns whether a table is or was on this node: its data is here or nowhere.</summary>
    /// <param name="objectId">The table's object id.</param>
    /// <returns>False for a table of another node.</returns>
    bool BelongsHere(string objectId);

    /// <summary>Finds a table whose data is on this node.</summary>
    /// <param name="objectId">The table's object id.</param>
    /// <returns>The table, or null.</returns>
    ArrowTable? FindHere(string objectId);

    /// <summary>Stores a table on this node.</summary>
    /// <param name="table">The table.</param>
    /// <param name="holder">The initial holder, which expires after a minute unless an export takes over.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object id and the epoch.</returns>
    ValueTask<(string ObjectId, long Epoch)> StoreAsync(ArrowTable table, string holder, CancellationToken cancellationToken);
}
