using Apache.Arrow;
using Wharf.Tables;

namespace Wharf.Plugins.Testing;

/// <summary>A handle that was received with a message. Valid until the handler returns, unless it is kept.</summary>
internal class ScopedHandle(IServerObject target) : IServerObject
{
    private int _expired;

    public string Id => target.Id;

    public string Type => target.Type;

    public static ScopedHandle Of(IServerObject target) => target switch
    {
        ScopedHandle scoped => Of(scoped.Require()),
        ITable table => new ScopedTable(table),
        IObjectReference reference => new ScopedObject(reference),
        _ => new ScopedHandle(target),
    };

    public ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<IServerObject>(Of(Require()));

    public ValueTask DisposeAsync()
    {
        Expire();
        return ValueTask.CompletedTask;
    }

    public void Expire() => Volatile.Write(ref _expired, 1);

    /// <summary>Returns the target of the handle.</summary>
    /// <exception cref="PluginException">The handle is no longer valid.</exception>
    public IServerObject Require() => Volatile.Read(ref _expired) == 0
        ? target
        : throw new PluginException(PluginStatus.FailedPrecondition, $"{target.Type} {target.Id} is no longer held: a handle is valid until its handler returns or, if it was kept, until it is disposed");

    public override bool Equals(object? obj) => obj is IServerObject other && other.Id == Id;

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    private sealed class ScopedTable(ITable table) : ScopedHandle(table), ITable
    {
        public long Size => ((ITable)Require()).Size;

        public Schema Schema => ((ITable)Require()).Schema;

        public ValueTask<ITable> RunAsync(TableOperation operation, IReadOnlyList<ITable>? further = null, CancellationToken cancellationToken = default) =>
            ((ITable)Require()).RunAsync(operation, further, cancellationToken);

        public IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken = default) => ((ITable)Require()).ReadAsync(cancellationToken);
    }

    private sealed class ScopedObject(IObjectReference reference) : ScopedHandle(reference), IObjectReference
    {
        public ValueTask<IObjectConnection> ConnectAsync(CancellationToken cancellationToken = default) => ((IObjectReference)Require()).ConnectAsync(cancellationToken);
    }
}
