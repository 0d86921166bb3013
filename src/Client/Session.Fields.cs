namespace Wharf.Client;

public sealed partial class Session
{
    /// <summary>The named objects of the server.</summary>
    public ExportableObjects ExportableObjects => field ??= new(CallInvoker);

    /// <inheritdoc cref="ExportableObjects.ListAsync"/>
    public Task<IReadOnlyList<Field>> ListFieldsAsync(CancellationToken cancellationToken = default) =>
        ExportableObjects.ListAsync(cancellationToken);

    /// <inheritdoc cref="ExportableObjects.WatchAsync"/>
    public IAsyncEnumerable<FieldChanges> WatchFieldsAsync(CancellationToken cancellationToken = default) =>
        ExportableObjects.WatchAsync(cancellationToken);
}
