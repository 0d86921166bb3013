using Google.Protobuf;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Protocol;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tables;

/// <summary>A table operation in the request of a client.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Sources">The input tables, not validated; a missing one is null.</param>
/// <param name="ResultId">The ticket of the result; null or empty without one.</param>
internal sealed record TableRequest(TableOperation Operation, IReadOnlyList<Wire.TableReference?> Sources, Wire.Ticket? ResultId)
{
    /// <summary>Converts a request.</summary>
    public static TableRequest Of(Wire.EmptyTableRequest request) => new(new EmptyTable(request.Size), [], request.ResultId);

    /// <inheritdoc cref="Of(Wire.EmptyTableRequest)"/>
    public static TableRequest Of(Wire.FetchTableRequest request) => new(new FetchTable(), [request.SourceId], request.ResultId);

    /// <inheritdoc cref="Of(Wire.EmptyTableRequest)"/>
    public static TableRequest Of(Wire.SelectDistinctRequest request) => new(new SelectDistinct([.. request.ColumnNames]), [request.SourceId], request.ResultId);

    /// <inheritdoc cref="Of(Wire.EmptyTableRequest)"/>
    public static TableRequest Of(Wire.SelectOrUpdateRequest request, SelectKind kind) =>
        new(new SelectOrUpdate(kind, [.. request.ColumnSpecs]), [request.SourceId], request.ResultId);

    /// <inheritdoc cref="Of(Wire.EmptyTableRequest)"/>
    public static TableRequest Of(Wire.UnstructuredFilterTableRequest request) => new(new UnstructuredFilter([.. request.Filters]), [request.SourceId], request.ResultId);

    /// <inheritdoc cref="Of(Wire.EmptyTableRequest)"/>
    /// <exception cref="FaultException">INVALID_ARGUMENT: a condition is empty.</exception>
    public static TableRequest Of(Wire.FilterTableRequest request) =>
        new(new Filter([.. request.Filters.Select(FilterConditions.Read)]), [request.SourceId], request.ResultId);

    /// <summary>Converts an operation of a batch.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT: a condition is empty. UNIMPLEMENTED: the operation is not served.</exception>
    public static TableRequest Of(Wire.BatchTableRequest.Types.Operation operation) => operation.OpCase switch
    {
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.EmptyTable => Of(operation.EmptyTable),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.FetchTable => Of(operation.FetchTable),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.SelectDistinct => Of(operation.SelectDistinct),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.Update => Of(operation.Update, SelectKind.Update),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.LazyUpdate => Of(operation.LazyUpdate, SelectKind.LazyUpdate),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.View => Of(operation.View, SelectKind.View),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.UpdateView => Of(operation.UpdateView, SelectKind.UpdateView),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.Select => Of(operation.Select, SelectKind.Select),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.UnstructuredFilter => Of(operation.UnstructuredFilter),
        Wire.BatchTableRequest.Types.Operation.OpOneofCase.Filter => Of(operation.Filter),
        var other => throw new FaultException(FaultCode.Unimplemented, UnservedCalls.Explain($"/{Wire.BatchTableRequest.Descriptor.File.Package}.TableService/{other}")),
    };
}
