using System.Runtime.CompilerServices;
using Apache.Arrow;
using Wharf.Tables;

namespace Wharf.Plugins.Testing;

/// <summary>Tables in memory, computed by the table engine of the server.</summary>
public sealed class TestTables : ITableFactory
{
    private readonly TableEngine _engine;
    private int _lastId;

    internal TestTables(TimeProvider time) => _engine = new TableEngine(time);

    /// <inheritdoc/>
    public ValueTask<ITable> EmptyAsync(long size, CancellationToken cancellationToken = default) => Run(new EmptyTable(size), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ITable> CreateAsync(Schema schema, IReadOnlyList<RecordBatch> batches, CancellationToken cancellationToken = default) =>
        Make(() => ArrowTable.FromBatches(schema, batches));

    private ValueTask<ITable> Run(TableOperation operation, IReadOnlyList<ITable> inputs, CancellationToken cancellationToken) =>
        Make(() => _engine.Run(operation, [.. inputs.Select(static input => ((Table)(input is ScopedHandle scoped ? scoped.Require() : input)).Data)], cancellationToken));

    private ValueTask<ITable> Make(Func<ArrowTable> make)
    {
        try
        {
            return ValueTask.FromResult<ITable>(new Table(this, $"table!{Interlocked.Increment(ref _lastId)}", make()));
        }
        catch (TableException wrong)
        {
            throw new PluginException(wrong.Error == TableError.Unimplemented ? PluginStatus.Unimplemented : PluginStatus.InvalidArgument, wrong.Message, wrong);
        }
    }

    private sealed class Table(TestTables tables, string id, ArrowTable data) : ITable
    {
        public ArrowTable Data => data;

        public string Id => id;

        public string Type => "Table";

        public long Size => data.RowCount;

        public Schema Schema => data.Schema;

        public ValueTask<ITable> RunAsync(TableOperation operation, IReadOnlyList<ITable>? further = null, CancellationToken cancellationToken = default) =>
            tables.Run(operation, [this, .. further ?? []], cancellationToken);

        public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask.ConfigureAwait(false);
            foreach (var batch in data.ReadBatches(cancellationToken: cancellationToken))
                yield return batch;
        }

        public ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<IServerObject>(this);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
