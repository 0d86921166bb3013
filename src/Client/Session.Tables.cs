using Apache.Arrow;
using Apache.Arrow.Flight.Client;
using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Flight;
using Wharf.Tables;
using Ticket = Wharf.Protocol.Ticket;

namespace Wharf.Client;

public sealed partial class Session
{
    internal TimeLimit StartCall(CancellationToken cancellationToken) =>
        new(_options.CallTimeout, _options.TimeProvider, cancellationToken);

    internal TimeLimit StartTransfer(CancellationToken cancellationToken) =>
        new(_options.TransferTimeout, _options.TimeProvider, cancellationToken);

    private TableService.TableServiceClient TableCalls => field ??= new(CallInvoker);

    internal FlightClient Flight => field ??= new(CallInvoker);

    internal FlightService.FlightServiceClient FlightMessages => field ??= new(CallInvoker);

    /// <summary>Creates a table without columns.</summary>
    /// <param name="size">The number of rows.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table.</returns>
    public Task<Table> EmptyTableAsync(long size, CancellationToken cancellationToken = default) =>
        ComputeAsync(new EmptyTable(size), [], cancellationToken);

    /// <summary>Creates a table by an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Tickets, of any kind, of the input tables, as many as the operation takes.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table.</returns>
    /// <exception cref="WharfException">
    /// A formula is invalid (INVALID_ARGUMENT), an input does not exist, or the server does not support the operation (UNIMPLEMENTED).
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The operation takes another number of tables, or has parts that only plugins can use.
    /// </exception>
    public async Task<Table> ComputeAsync(
        TableOperation operation, IReadOnlyList<Ticket> inputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != operation.InputCount)
            throw new ArgumentException($"the operation takes {operation.InputCount} tables, not {inputs.Count}", nameof(inputs));
        var result = NewExport();
        var response = await _calls.RunAsync(
            token => TableRequests.Send(TableCalls, operation, inputs, result, token), inputs.Count > 0 ? inputs[0] : null,
            cancellationToken, operation.GetType().Name).ConfigureAwait(false);
        return Table.From(this, result, response);
    }

    /// <summary>Opens an existing table: one that arrived with a message, was published, or has a name.</summary>
    /// <param name="ticket">The ticket of the table. The returned table owns an export that is passed here, and releases it.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table.</returns>
    public async Task<Table> OpenTableAsync(Ticket ticket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (ticket is not ExportTicket export)
            return await ComputeAsync(new FetchTable(), [ticket], cancellationToken).ConfigureAwait(false);
        var response = await _calls.RunAsync(
            token => TableCalls.GetExportedTableCreationResponseAsync(export.ToWire(), cancellationToken: token), export, cancellationToken)
                .ConfigureAwait(false);
        return Table.From(this, export, response);
    }

    /// <summary>Uploads a table.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="batches">The rows; empty for a table without rows. Each batch may have its own dictionaries.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArgumentException">A batch does not match the schema; the batch is not sent.</exception>
    /// <exception cref="WharfException">The server rejected the upload.</exception>
    public async Task<Table> ImportAsync(
        Schema schema, IAsyncEnumerable<RecordBatch> batches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(batches);
        var result = NewExport();
        await TableUpload.RunAsync(FlightMessages, result, schema, batches, StartTransfer(cancellationToken)).ConfigureAwait(false);
        return await OpenTableAsync(result, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Uploads a table.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="batches">The rows; empty for a table without rows.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table.</returns>
    public Task<Table> ImportAsync(Schema schema, IEnumerable<RecordBatch> batches, CancellationToken cancellationToken = default) =>
        ImportAsync(schema, batches.ToAsyncEnumerable(), cancellationToken);
}
