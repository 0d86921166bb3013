using Apache.Arrow;
using Wharf.Grains.References;
using Wharf.Plugins;
using Wharf.Tables;

namespace Wharf.Grains.Objects;

/// <summary>Creates tables for an object of a plugin.</summary>
internal sealed class TableFactory(LiveObject live, IReferenceServices services) : ITableFactory
{
    public async ValueTask<ITable> EmptyAsync(long size, CancellationToken cancellationToken = default) =>
        (ITable)live.References.CreateHandle(await services.TableOperations.RunAsync(new EmptyTable(size), [], cancellationToken).ConfigureAwait(false));

    public ValueTask<ITable> CreateAsync(Schema schema, IReadOnlyList<RecordBatch> batches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(batches);
        try
        {
            var table = ArrowTable.FromBatches(schema, batches);
            var holder = services.Holds.NewName();
            return ValueTask.FromResult((ITable)live.References.CreateHandle(services.Holds.Claim(services.Tables.AddWithin(table, holder), holder)));
        }
        catch (TableException refused)
        {
            throw new PluginException((PluginStatus)refused.Error, refused.Message, refused);
        }
    }
}
