using Apache.Arrow;
using Wharf.Tables;

namespace Wharf.Plugins.Tests.Shipped;

/// <summary>A table that computes nothing and remembers what was asked of it.</summary>
internal sealed class TestTable(Func<TableOperation, ITable>? run = null) : ITable
{
    public string Id => "table";

    public string Type => "Table";

    public long Size => 0;

    public Schema Schema => throw new NotSupportedException();

    public ValueTask<ITable> RunAsync(TableOperation operation, IReadOnlyList<ITable>? further = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(run!(operation));

    public IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
