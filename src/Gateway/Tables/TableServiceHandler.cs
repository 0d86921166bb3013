using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Fields;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Sessions;
using Wharf.Gateway.Streams;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Tables;
using Wharf.Protocol;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tables;

/// <summary>Serves table operations. It submits each operation to the session, which runs it on the node of its inputs.</summary>
internal sealed class TableServiceHandler(
    IGrainFactory grains, SessionOperations work, SessionWatch watch, GatewayDrain drain, Permissions permissions, NamedFields fields, IOptions<GatewayOptions> options)
    : Wire.TableService.TableServiceBase
{
    private readonly int _maxTicket = options.Value.MaxTicketBytes;

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Create, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> EmptyTable(Wire.EmptyTableRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> FetchTable(Wire.FetchTableRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> Update(Wire.SelectOrUpdateRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request, SelectKind.Update), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> LazyUpdate(Wire.SelectOrUpdateRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request, SelectKind.LazyUpdate), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> View(Wire.SelectOrUpdateRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request, SelectKind.View), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> UpdateView(Wire.SelectOrUpdateRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request, SelectKind.UpdateView), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> Select(Wire.SelectOrUpdateRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request, SelectKind.Select), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> SelectDistinct(Wire.SelectDistinctRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> UnstructuredFilter(Wire.UnstructuredFilterTableRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request), context);

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override Task<Wire.ExportedTableCreationResponse> Filter(Wire.FilterTableRequest request, ServerCallContext context) =>
        RunAsync(TableRequest.Of(request), context);

    [Authorizes(GatewayActions.Read)]
    public override async Task<Wire.ExportedTableCreationResponse> GetExportedTableCreationResponse(Wire.Ticket request, ServerCallContext context)
    {
        var session = context.RequireSession();
        if (request.Ticket_.IsEmpty)
            throw new FaultException(FaultCode.FailedPrecondition, "No request ticket supplied");
        var source = await AuthorizedTickets.AuthorizeAsync(
            permissions, session.Caller, GatewayActions.Read, Tickets.ReadSource(request.Ticket_, _maxTicket), context.CancellationToken);
        await using var held = await work.ResolveAsync(session, source, context.CancellationToken);
        if (held.References[0] is not { Kind: ObjectKind.Table } table)
            throw new FaultException(FaultCode.FailedPrecondition, "Ticket is not a table");
        var summary = await GrainCallRetry.RetryOnceAsync(
            grains.GetGrain<ITableGrain>(table.ObjectId), static (grain, token) => grain.SummarizeAsync(token), context.CancellationToken);
        return Describe(new Wire.TableReference { Ticket = request }, summary);
    }

    [NoSession]
    [Authorizes(GatewayActions.Create, GatewayActions.Read)]
    public override async Task Batch(
        Wire.BatchTableRequest request, IServerStreamWriter<Wire.ExportedTableCreationResponse> responseStream, ServerCallContext context)
    {
        BatchChecks.Check(request);
        var session = context.RequireSession();
        var references = new Wire.TableReference[request.Ops.Count];
        var operations = ImmutableArray.CreateBuilder<AuthorizedOperation>(request.Ops.Count);
        for (int index = 0; index < request.Ops.Count; index++)
        {
            var operation = TableRequest.Of(request.Ops[index]);
            bool isExport = !Tickets.IsMissing(operation.ResultId);
            references[index] = isExport ? new Wire.TableReference { Ticket = operation.ResultId } : new Wire.TableReference { BatchOffset = index };
            int result = isExport ? Tickets.ReadResult(operation.ResultId!.Ticket_, _maxTicket) : 0;
            if (isExport && result <= 0)
                throw new FaultException(FaultCode.InvalidArgument, StatusTexts.ResultIdMustBePositive(result));
            TableOperationValidator.Validate(operation.Operation);
            operations.Add(await AuthorizeAsync(session, operation, result, source => ReadBatchSource(source, request.Ops.Count), context.CancellationToken));
        }
        await context.WriteResponseHeadersAsync([]);
        await RunBatchAsync(session, operations.MoveToImmutable(), references, responseStream, context);
    }

    [NoPermission]
    public override async Task ExportedTableUpdates(
        Wire.ExportedTableUpdatesRequest request, IServerStreamWriter<Wire.ExportedTableUpdateMessage> responseStream, ServerCallContext context)
    {
        var session = context.RequireSession();
        var subscriber = Guid.NewGuid().ToString("N");
        await NotificationStream.RunAsync(watch, drain, session, subscriber, responseStream, context, async (cursor, cancellationToken) =>
        {
            var batch = await session.Grain.PullTableUpdatesAsync(subscriber, cursor, cancellationToken);
            return (batch.Items.Select(ToWire), batch.IsDone);
        });
    }

    private async Task<Wire.ExportedTableCreationResponse> RunAsync(TableRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        if (Tickets.IsMissing(request.ResultId))
            throw new FaultException(FaultCode.FailedPrecondition, StatusTexts.NoResultTicketSupplied);
        var result = Tickets.Read(request.ResultId!.Ticket_, _maxTicket);
        if (result is not ExportTicket)
            await RequireApplicationAsync(session, result, context.CancellationToken);
        TableOperationValidator.Validate(request.Operation);
        var operation = await AuthorizeAsync(session, request, 0, ReadSource, context.CancellationToken);
        var outcome = await work.ComputeAsync(session, operation with { ResultId = RequireNewExport(result) }, context.CancellationToken);
        return Describe(new Wire.TableReference { Ticket = request.ResultId }, RequireTable(outcome));
    }

    // A result must be an export. The status for a ticket of another kind depends on the named fields, so the caller needs the permission to publish one.
    private async ValueTask RequireApplicationAsync(CallSession session, Ticket result, CancellationToken cancellationToken)
    {
        var target = await AuthorizedTickets.AuthorizeAsync(permissions, session.Caller, GatewayActions.Publish, result.Canonical, cancellationToken);
        await fields.RequireApplicationsAsync(target, cancellationToken);
    }

    private static int RequireNewExport(Ticket result)
    {
        int id = Tickets.RequireExport(result);
        return id > 0 ? id : throw new FaultException(FaultCode.InvalidArgument, StatusTexts.ResultIdMustBePositive(id));
    }

    private async ValueTask<AuthorizedOperation> AuthorizeAsync(
        CallSession session, TableRequest request, int resultId, Func<Wire.TableReference?, string> readSource, CancellationToken cancellationToken)
    {
        var sources = await AuthorizedTickets.AuthorizeSourcesAsync(permissions, session.Caller, [.. request.Sources.Select(readSource)], cancellationToken);
        await fields.RequireApplicationsAsync(sources, cancellationToken);
        return new AuthorizedOperation(resultId, sources, new PortableOperation(request.Operation));
    }

    private string ReadSource(Wire.TableReference? source) => source?.RefCase == Wire.TableReference.RefOneofCase.Ticket
        ? Tickets.ReadSource(source.Ticket.Ticket_, _maxTicket)
        : throw new FaultException(FaultCode.FailedPrecondition, "One-shot operations must use ticket references");

    private string ReadBatchSource(Wire.TableReference? source, int count) => source?.RefCase switch
    {
        Wire.TableReference.RefOneofCase.Ticket => Tickets.ReadSource(source.Ticket.Ticket_, _maxTicket),
        Wire.TableReference.RefOneofCase.BatchOffset when source.BatchOffset >= 0 && source.BatchOffset < count =>
            string.Create(CultureInfo.InvariantCulture, $"{AuthorizedTickets.BatchPrefix}{source.BatchOffset}"),
        Wire.TableReference.RefOneofCase.BatchOffset => throw new FaultException(FaultCode.InvalidArgument, $"The batch has no operation {source.BatchOffset}"),
        _ => throw new FaultException(FaultCode.InvalidArgument, StatusTexts.MustHaveOneof(Wire.TableReference.Descriptor.FullName, "ref")),
    };

    private async Task RunBatchAsync(
        CallSession session,
        ImmutableArray<AuthorizedOperation> operations,
        Wire.TableReference[] references,
        IServerStreamWriter<Wire.ExportedTableCreationResponse> responses,
        ServerCallContext context)
    {
        using var call = watch.Open(session, context.CancellationToken);
        Fault? failure = null;
        try
        {
            long batchId = await work.SubmitBatchAsync(session, operations, call.Stopped);
            int cursor = 0;
            bool isDone = false;
            while (!isDone)
            {
                var outcomes = await GrainCallRetry.RetryOnceAsync(
                    (session.Grain, batchId, cursor), static (state, token) => state.Grain.PullBatchAsync(state.batchId, state.cursor, token), call.Stopped);
                foreach (var item in outcomes.Items)
                {
                    await responses.WriteUnlessStoppedAsync(Describe(references[item.Index], item.Outcome), call.Stopped);
                    if (item.HasOwnStatus)
                        failure ??= item.Outcome.Fault;
                }
                cursor += outcomes.Items.Length;
                isDone = outcomes.IsDone;
            }
        }
        catch (Exception exception) when (call.RecordEnd(exception))
        {
            call.ThrowIfFailed(new Fault(FaultCode.Cancelled, StatusTexts.ExportCancelled));
        }
        if (failure is not null)
            throw new FaultException(failure);
    }

    private static TableSummary RequireTable(WorkOutcome outcome) =>
        outcome.Table ?? throw new InvalidOperationException("a session returned the result of a table operation without a table");

    private static Wire.ExportedTableCreationResponse Describe(Wire.TableReference reference, WorkOutcome outcome) => outcome.Fault is { } fault
        ? new Wire.ExportedTableCreationResponse { ResultId = reference, Success = false, ErrorInfo = fault.Message }
        : Describe(reference, RequireTable(outcome));

    private static Wire.ExportedTableCreationResponse Describe(Wire.TableReference reference, TableSummary table) => new()
    {
        ResultId = reference,
        Success = true,
        SchemaHeader = UnsafeByteOperations.UnsafeWrap(table.Schema),
        Size = table.Size,
        IsStatic = table.IsStatic,
    };

    private static Wire.ExportedTableUpdateMessage ToWire(TableUpdate update) => new()
    {
        ExportId = Tickets.ToWire(Tickets.OfExport(update.ExportId)),
        Size = update.Size,
        UpdateFailureMessage = update.Failure,
    };
}
