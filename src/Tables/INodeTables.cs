namespace Wharf.Tables;

/// <summary>
/// The way of bulk data: a node's tables by their object ids. Flight reads and stores tables here and never through a grain call.
/// </summary>
public interface INodeTables
{
    /// <summary>Whether a table is, or was, of this node: its data is here or nowhere.</summary>
    /// <param name="objectId">The table's object id.</param>
    /// <returns>False for a table of another node.</returns>
    bool BelongsHere(string objectId);

    /// <summary>Finds a table whose data is on this node.</summary>
    /// <param name="objectId">The table's object id.</param>
    /// <returns>The table, or null.</returns>
    ArrowTable? FindHere(string objectId);

    /// <summary>Stores a table on this node.</summary>
    /// <param name="table">The table.</param>
    /// <param name="holder">Who holds it at first, for a minute unless an export takes over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its object id and epoch.</returns>
    ValueTask<(string ObjectId, long Epoch)> StoreAsync(ArrowTable table, string holder, CancellationToken cancellationToken);
}
