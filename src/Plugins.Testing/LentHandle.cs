using Apache.Arrow;
using Wharf.Tables;

namespace Wharf.Plugins.Testing;

/// <summary>A handle that came with a message: good until the handler returns, unless it is kept.</summary>
internal class LentHandle(IServerObject target) : IServerObject
{
    private int _expired;

    public string Id => target.Id;

    public string Type => target.Type;

    public static LentHandle Of(IServerObject target) => target switch
    {
        LentHandle lent => Of(lent.Require()),
        ITable table => new LentTable(table),
        IObjectReference reference => new LentObject(reference),
        _ => new LentHandle(target),
    };

    public ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<IServerObject>(Of(Require()));

    public ValueTask DisposeAsync()
    {
        Expire();
        return ValueTask.CompletedTask;
    }

    public void Expire() => Volatile.Write(ref _expired, 1);

    /// <summary>What it stands for.</summary>
    /// <exception cref="PluginException">It is good no longer.</exception>
    public IServerObject Require() => Volatile.Read(ref _expired) == 0
        ? target
        : throw new PluginException(PluginStatus.FailedPrecondition, $"{target.Type} {target.Id} is not held any more: a handle is good until its handler returns, or until it is disposed if it was kept");

    public override bool Equals(object? obj) => obj is IServerObject other && other.Id == Id;

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    private sealed class LentTable(ITable table) : LentHandle(table), ITable
    {
        public long Size => ((ITable)Require()).Size;

        public Schema Schema => ((ITable)Require()).Schema;

        public ValueTask<ITable> RunAsync(TableOperation operation, IReadOnlyList<ITable>? further = null, CancellationToken cancellationToken = default) =>
            ((ITable)Require()).RunAsync(operation, further, cancellationToken);

        public IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken = default) => ((ITable)Require()).ReadAsync(cancellationToken);
    }

    private sealed class LentObject(IObjectReference reference) : LentHandle(reference), IObjectReference
    {
        public ValueTask<IObjectConnection> ConnectAsync(CancellationToken cancellationToken = default) => ((IObjectReference)Require()).ConnectAsync(cancellationToken);
    }
}
