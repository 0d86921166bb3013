namespace Wharf.Tables;

/// <summary>The way to the tables of other nodes.</summary>
public interface IRemoteTables
{
    /// <summary>Fetches a table from the node that its id names.</summary>
    /// <param name="objectId">The table's object id.</param>
    /// <param name="memory">The charge that pays for the copy.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The table, or null when it is gone, or its node is.</returns>
    ValueTask<ArrowTable?> FetchAsync(string objectId, MemoryCharge? memory, CancellationToken cancellationToken);
}
