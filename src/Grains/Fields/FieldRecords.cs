using Orleans.Runtime;
using Orleans.Storage;

namespace Wharf.Grains.Fields;

/// <summary>
/// The records of a directory in the grain storage: the first record, and the pages. An operation of the storage fails after <see cref="TimeLimit"/>.
/// </summary>
/// <param name="storage">The storage.</param>
/// <param name="directory">The grain id of the directory, which is the name of the first record.</param>
/// <param name="time">The clock.</param>
internal sealed class FieldRecords(IGrainStorage storage, GrainId directory, TimeProvider time)
{
    /// <summary>The timeout of an operation.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(8);

    private const string StateName = "fields";

    /// <summary>Reads the first record.</summary>
    /// <returns>The record and its version; a null version if there is no record.</returns>
    public Task<(StoredFields Record, string? ETag)> ReadFirstAsync(CancellationToken cancellationToken) => ReadAsync<StoredFields>(directory, cancellationToken);

    /// <summary>Reads a page.</summary>
    /// <returns>The page and the version of its record; a null version if there is no record.</returns>
    public Task<(StoredFieldPage Record, string? ETag)> ReadPageAsync(int page, CancellationToken cancellationToken) =>
        ReadAsync<StoredFieldPage>(IdOf(page), cancellationToken);

    /// <summary>Writes the first record.</summary>
    /// <returns>The version of the record.</returns>
    /// <exception cref="InconsistentStateException">The version of the record is not the given one.</exception>
    public Task<string?> WriteFirstAsync(StoredFields record, string? etag, CancellationToken cancellationToken) => WriteAsync(directory, record, etag, cancellationToken);

    /// <summary>Writes a page.</summary>
    /// <returns>The version of the record.</returns>
    /// <exception cref="InconsistentStateException">The version of the record is not the given one.</exception>
    public Task<string?> WritePageAsync(int page, StoredFieldPage record, string? etag, CancellationToken cancellationToken) =>
        WriteAsync(IdOf(page), record, etag, cancellationToken);

    // The name of a record is its grain id: the storage in Redis ignores the name of the state.
    private GrainId IdOf(int page) => GrainId.Create(directory.Type, $"{directory.Key}.{page}");

    // A storage that does not answer may ignore the token, and change the state object later. So no other operation uses that object.
    private async Task<(T Record, string? ETag)> ReadAsync<T>(GrainId id, CancellationToken cancellationToken)
        where T : class, new()
    {
        var state = new GrainState<T>(new T());
        await storage.ReadStateAsync(StateName, id, state, cancellationToken).WaitAsync(TimeLimit, time, cancellationToken);
        return state.RecordExists ? (state.State!, state.ETag) : (new T(), null);
    }

    private async Task<string?> WriteAsync<T>(GrainId id, T record, string? etag, CancellationToken cancellationToken)
    {
        var state = new GrainState<T>(record, etag) { RecordExists = etag is not null };
        await storage.WriteStateAsync(StateName, id, state, cancellationToken).WaitAsync(TimeLimit, time, cancellationToken);
        return state.ETag;
    }
}
