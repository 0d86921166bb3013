using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Flight;
using Apache.Arrow.Ipc;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Plugins;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Wharf.Tables;

namespace Wharf.Client;

/// <summary>
/// A table on the server, held by an export of the session. Disposing it releases the export; a disposed table throws
/// <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class Table : ITable
{
    private readonly Session _session;
    private bool _isDisposed;

    private Table(Session session, ExportTicket ticket, Schema schema, long size, bool isStatic)
    {
        _session = session;
        Ticket = ticket;
        Schema = schema;
        Size = size;
        IsStatic = isStatic;
    }

    /// <summary>The export.</summary>
    public ExportTicket Ticket { get; }

    /// <summary>The export as a reference in a message.</summary>
    public TypedTicket Reference => new(Ticket, WireNames.TableType);

    /// <summary>The columns.</summary>
    public Schema Schema { get; }

    /// <summary>The number of rows when the table was made or opened.</summary>
    public long Size { get; }

    /// <summary>Whether the table never changes.</summary>
    public bool IsStatic { get; }

    /// <summary>Adds or replaces columns.</summary>
    /// <param name="columns">Formulas, for example <c>X = i * 2</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new table.</returns>
    public Task<Table> UpdateAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) => SelectAsync(SelectKind.Update, columns, cancellationToken);

    /// <summary>Adds or replaces columns that the server may compute when they are read, and remember.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Table> LazyUpdateAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) => SelectAsync(SelectKind.LazyUpdate, columns, cancellationToken);

    /// <summary>Adds or replaces columns that the server may compute when they are read.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Table> UpdateViewAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) => SelectAsync(SelectKind.UpdateView, columns, cancellationToken);

    /// <summary>Keeps only the named columns, which the server may compute when they are read.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Table> ViewAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) => SelectAsync(SelectKind.View, columns, cancellationToken);

    /// <summary>Keeps only the named columns.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Table> SelectAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) => SelectAsync(SelectKind.Select, columns, cancellationToken);

    /// <summary>Keeps one row of each combination of values.</summary>
    /// <param name="columns">Column names; none means all columns.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new table.</returns>
    public Task<Table> SelectDistinctAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        ComputeAsync(new SelectDistinct(columns), cancellationToken);

    /// <summary>Keeps the rows in which every condition is true. A later condition is asked only of the rows that the earlier ones keep.</summary>
    /// <param name="conditions">Texts, for example <c>X &gt; 5</c>, <c>S in `a`, `b`</c> or <c>S icase includes `x`</c>; none keeps every row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new table.</returns>
    /// <exception cref="WharfException">A condition is wrong (INVALID_ARGUMENT).</exception>
    public Task<Table> WhereAsync(IReadOnlyList<string> conditions, CancellationToken cancellationToken = default) =>
        ComputeAsync(new UnstructuredFilter(conditions), cancellationToken);

    /// <summary>Keeps the rows in which every condition is true, with the conditions as trees: nothing of them is read as a formula, so that values may come from anywhere.</summary>
    /// <param name="conditions">The conditions; none keeps every row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new table.</returns>
    /// <exception cref="WharfException">A condition does not fit the columns (INVALID_ARGUMENT).</exception>
    /// <exception cref="ArgumentException">A condition compares with the null text.</exception>
    public Task<Table> FilterAsync(IReadOnlyList<FilterCondition> conditions, CancellationToken cancellationToken = default) =>
        ComputeAsync(new Filter(conditions), cancellationToken);

    /// <summary>Holds the same table by a second export.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The same table.</returns>
    public Task<Table> FetchAsync(CancellationToken cancellationToken = default) => ComputeAsync(new FetchTable(), cancellationToken);

    /// <summary>Downloads the table, batch by batch.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The batches; the reader disposes of them.</returns>
    /// <exception cref="WharfException">The table is gone, the session has ended, or no batch came within <see cref="SessionOptions.TransferTimeout"/>.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        using var limit = _session.StartTransfer(cancellationToken);
        var (call, reader) = Download(limit.Token);
        using var ended = call;
        while (await MoveNextAsync().ConfigureAwait(false))
        {
            // How long the reader takes over a batch is the reader's own affair.
            limit.Pause();
            yield return reader.Current;
            limit.Restart();
        }

        async Task<bool> MoveNextAsync()
        {
            try
            {
                return await reader.MoveNext(limit.Token).ConfigureAwait(false);
            }
            catch (RpcException failed)
            {
                throw WharfException.From(failed, Ticket);
            }
            catch (OperationCanceledException cancelled)
            {
                throw limit.Failure(cancelled, Ticket);
            }
            catch (Exception unreadable) when (unreadable is not ObjectDisposedException)
            {
                throw new WharfException(StatusCode.Internal, $"the table cannot be read: {unreadable.Message}", Ticket, inner: unreadable);
            }
        }
    }

    /// <summary>Downloads the whole table.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The batches; none when the table has no rows.</returns>
    public async Task<IReadOnlyList<RecordBatch>> ToArrowAsync(CancellationToken cancellationToken = default)
    {
        List<RecordBatch> batches = [];
        await foreach (var batch in ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
            batches.Add(batch);
        return batches;
    }

    /// <summary>Gives the export up; the server keeps the table while something else holds it.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When the server has released it.</returns>
    /// <exception cref="WharfException">The session has ended.</exception>
    /// <exception cref="ObjectDisposedException">The table is already released.</exception>
    public async Task ReleaseAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        await _session.ReleaseAsync(Ticket, cancellationToken).ConfigureAwait(false);
        _isDisposed = true;
    }

    /// <summary>Releases the export, if it can still be released. Further calls of this method do nothing.</summary>
    /// <returns>A task that completes when the export is released.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
            await _session.ReleaseQuietlyAsync(Ticket).ConfigureAwait(false);
    }

    string IServerObject.Id => Ticket.Canonical;

    string IServerObject.Type => WireNames.TableType;

    async ValueTask<IServerObject> IServerObject.KeepAsync(CancellationToken cancellationToken) => await FetchAsync(cancellationToken).ConfigureAwait(false);

    async ValueTask<ITable> ITable.RunAsync(TableOperation operation, IReadOnlyList<ITable>? further, CancellationToken cancellationToken) =>
        await ComputeAsync(operation, cancellationToken, [.. (further ?? []).Select(table => RemoteObject.ReferenceOf(table).Ticket)]).ConfigureAwait(false);

    IAsyncEnumerable<RecordBatch> ITable.ReadAsync(CancellationToken cancellationToken) => ReadBatchesAsync(cancellationToken);

    internal static Table From(Session session, ExportTicket ticket, ExportedTableCreationResponse response)
    {
        if (!response.Success)
            throw new WharfException(StatusCode.FailedPrecondition, "the server made no table: " + response.ErrorInfo, ticket);
        return new(session, ticket, ReadSchema(response.SchemaHeader.Memory), response.Size, response.IsStatic);
    }

    private static Schema ReadSchema(ReadOnlyMemory<byte> message)
    {
        using var reader = new ArrowStreamReader(message);
        return reader.Schema ?? throw new WharfException("the server described a table without a schema");
    }

    private Task<Table> SelectAsync(SelectKind kind, IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        ComputeAsync(new SelectOrUpdate(kind, columns), cancellationToken);

    private Task<Table> ComputeAsync(TableOperation operation, CancellationToken cancellationToken, params IReadOnlyList<Protocol.Ticket> further)
    {
        ThrowIfDisposed();
        return _session.ComputeAsync(operation, [Ticket, .. further], cancellationToken);
    }

    private (IDisposable Call, IAsyncStreamReader<RecordBatch> Batches) Download(CancellationToken cancellationToken)
    {
        if (!DictionaryBatches.AreIn(Schema))
        {
            var batches = _session.Flight.GetStream(new FlightTicket(Ticket.ToBytes()), [], deadline: null, cancellationToken);
            return (batches, batches.ResponseStream);
        }

        var request = new Protocol.Grpc.Flight.Ticket { Ticket_ = ByteString.CopyFrom(Ticket.ToBytes()) };
        var messages = _session.FlightMessages.DoGet(request, cancellationToken: cancellationToken);
        return (messages, new DictionaryBatches(messages.ResponseStream));
    }

    internal void ThrowIfDisposed()
    {
        if (_isDisposed)
            throw new ObjectDisposedException(nameof(Table), $"the table {Ticket} is disposed; its export is released");
    }
}
