using System.Runtime.CompilerServices;
using Apache.Arrow;
using Wharf.Grains.Objects;
using Wharf.Grains.Tables;
using Wharf.Plugins;
using Wharf.Tables;

namespace Wharf.Grains.References;

/// <summary>A handle of plugin code to a table.</summary>
internal sealed class TableHandle(ReferenceMapper mapper, ObjectHold hold, bool isKept) : ServerObject(mapper, hold, isKept), ITable
{
    /// <inheritdoc/>
    public long Size => Here().RowCount;

    /// <inheritdoc/>
    public Schema Schema => Here().Schema;

    /// <inheritdoc/>
    public async ValueTask<ITable> RunAsync(TableOperation operation, IReadOnlyList<ITable>? further = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operation);
        CheckHeld();
        ObjectReference[] inputs = [Hold.Reference, .. (further ?? []).Select(table => ((TableHandle)table).Hold.Reference)];
        var result = await Mapper.Services.TableOperations.RunAsync(operation, [.. inputs], cancellationToken).ConfigureAwait(false);
        return (ITable)Mapper.CreateHandle(result);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        CheckHeld();
        var table = await Mapper.Services.Tables.OpenAsync(Id, payer: null, cancellationToken).ConfigureAwait(false)
            ?? throw new PluginException(PluginStatus.DataLoss, $"the table {Id} is gone");
        foreach (var batch in table.ReadBatches(cancellationToken: cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return batch;
        }
    }

    private ArrowTable Here()
    {
        CheckHeld();
        return Mapper.Services.Tables.Find(Id)?.Table
            ?? throw new PluginException(PluginStatus.FailedPrecondition, $"the table {Id} is on another node; read it with {nameof(ReadAsync)}");
    }
}
