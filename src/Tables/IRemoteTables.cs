namespace Wharf.Tables;

/// <summary>Reads tables of other nodes.</summary>
public interface IRemoteTables
{
    /// <summary>Fetches a table from the node that its id names.</summary>
    /// <param name="objectId">The table's object id.</param>
    /// <param name="memory">The charge for the copy.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table, or null if the table or its node no longer exists.</returns>
    ValueTask<ArrowTable?> FetchAsync(string objectId, MemoryCharge? memory, CancellationToken cancellationToken);
}
