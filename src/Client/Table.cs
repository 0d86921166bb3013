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

    /// <summary>The number of rows at the time at which the table was created or opened.</summary>
    public long Size { get; }

    /// <summary>Whether the table never changes.</summary>
    public bool IsStatic { get; }

    /// <summary>Adds or replaces columns.</summary>
    /// <param name="columns">Formulas, for example <c>X = i * 2</c>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The new table.</returns>
    public Task<Table> UpdateAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        SelectAsync(SelectKind.Update, columns, cancellationToken);

    /// <summary>Adds or replaces columns. The server may compute them when they are read, and cache them.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Table> LazyUpdateAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        SelectAsync(SelectKind.LazyUpdate, columns, cancellationToken);

    /// <summary>Adds or replaces columns. The server may compute them when they are read.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Table> UpdateViewAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        SelectAsync(SelectKind.UpdateView, columns, cancellationToken);

    /// <summary>Keeps only the named columns. The server may compute them when they are read.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Table> ViewAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        SelectAsync(SelectKind.View, columns, cancellationToken);

    /// <summary>Keeps only the named columns.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Table> SelectAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        SelectAsync(SelectKind.Select, columns, cancellationToken);

    /// <summary>Keeps one row per distinct combination of values.</summary>
    /// <param name="columns">Column names; empty for all columns.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The new table.</returns>
    public Task<Table> SelectDistinctAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        ComputeAsync(new SelectDistinct(columns), cancellationToken);

    /// <summary>
    /// Keeps the rows for which every condition is true. A condition is evaluated only for the rows that the earlier conditions keep.
    /// </summary>
    /// <param name="conditions">
    /// Conditions, for example <c>X &gt; 5</c>, <c>S in `a`, `b`</c> or <c>S icase includes `x`</c>; empty to keep every row.
    /// </param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The new table.</returns>
    /// <exception cref="WharfException">A condition is invalid (INVALID_ARGUMENT).</exception>
    public Task<Table> WhereAsync(IReadOnlyList<string> conditions, CancellationToken cancellationToken = default) =>
        ComputeAsync(new UnstructuredFilter(conditions), cancellationToken);

    /// <summary>
    /// Keeps the rows for which every condition is true. The conditions are trees; no part is parsed as a formula, so values may be
    /// untrusted.
    /// </summary>
    /// <param name="conditions">The conditions; empty to keep every row.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The new table.</returns>
    /// <exception cref="WharfException">A condition does not match the columns (INVALID_ARGUMENT).</exception>
    /// <exception cref="ArgumentException">A condition compares with a null string.</exception>
    public Task<Table> FilterAsync(IReadOnlyList<FilterCondition> conditions, CancellationToken cancellationToken = default) =>
        ComputeAsync(new Filter(conditions), cancellationToken);

    /// <summary>Creates a second export of the same table.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The same table.</returns>
    public Task<Table> FetchAsync(CancellationToken cancellationToken = default) => ComputeAsync(new FetchTable(), cancellationToken);

    /// <summary>Downloads the table, batch by batch.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The batches, which the reader disposes.</returns>
    /// <exception cref="WharfException">
    /// The table no longer exists, the session has ended, or no batch arrived within <see cref="SessionOptions.TransferTimeout"/>.
    /// </exception>
    public async IAsyncEnumerable<RecordBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        using var limit = _session.StartTransfer(cancellationToken);
        var (call, reader) = Download(limit.Token);
        using var ended = call;
        while (await MoveNextAsync().ConfigureAwait(false))
        {
            // The time that the reader spends on a batch does not count.
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
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The batches; empty if the table has no rows.</returns>
    public async Task<IReadOnlyList<RecordBatch>> ToArrowAsync(CancellationToken cancellationToken = default)
    {
        List<RecordBatch> batches = [];
        await foreach (var batch in ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
            batches.Add(batch);
        return batches;
    }

    /// <summary>Releases the export; the server keeps the table while it has another holder.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when the server has released it.</returns>
    /// <exception cref="WharfException">The session has ended.</exception>
    /// <exception cref="ObjectDisposedException">The table has already been released.</exception>
    public async Task ReleaseAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        await _session.ReleaseAsync(Ticket, cancellationToken).ConfigureAwait(false);
        _isDisposed = true;
    }

    /// <summary>Releases the export and ignores failures. Further calls have no effect.</summary>
    /// <returns>A task that completes when the export is released.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
            await _session.TryReleaseAsync(Ticket).ConfigureAwait(false);
    }

    string IServerObject.Id => Ticket.Canonical;

    string IServerObject.Type => WireNames.TableType;

    async ValueTask<IServerObject> IServerObject.KeepAsync(CancellationToken cancellationToken) =>
        await FetchAsync(cancellationToken).ConfigureAwait(false);

    async ValueTask<ITable> ITable.RunAsync(
        TableOperation operation, IReadOnlyList<ITable>? further, CancellationToken cancellationToken) =>
        await ComputeAsync(operation, cancellationToken, [.. (further ?? []).Select(table => RemoteObject.ReferenceOf(table).Ticket)])
            .ConfigureAwait(false);

    IAsyncEnumerable<RecordBatch> ITable.ReadAsync(CancellationToken cancellationToken) => ReadBatchesAsync(cancellationToken);

    internal static Table From(Session session, ExportTicket ticket, ExportedTableCreationResponse response)
    {
        if (!response.Success)
            throw new WharfException(StatusCode.FailedPrecondition, "the server did not create the table: " + response.ErrorInfo, ticket);
        return new(session, ticket, ReadSchema(response.SchemaHeader.Memory), response.Size, response.IsStatic);
    }

    private static Schema ReadSchema(ReadOnlyMemory<byte> message)
    {
        using var reader = new ArrowStreamReader(message);
        return reader.Schema ?? throw new WharfException("the server sent a table without a schema");
    }

    private Task<Table> SelectAsync(SelectKind kind, IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        ComputeAsync(new SelectOrUpdate(kind, columns), cancellationToken);

    private Task<Table> ComputeAsync(
        TableOperation operation, CancellationToken cancellationToken, params IReadOnlyList<Protocol.Ticket> further)
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
