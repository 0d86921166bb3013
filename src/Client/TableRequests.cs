using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Wharf.Tables;
using Ticket = Wharf.Protocol.Ticket;

namespace Wharf.Client;

/// <summary>Converts operations to calls of the table service.</summary>
internal static class TableRequests
{
    public static AsyncUnaryCall<ExportedTableCreationResponse> Send(
        TableService.TableServiceClient service, TableOperation operation, IReadOnlyList<Ticket> inputs, ExportTicket result,
        CancellationToken cancellationToken)
    {
        var options = new CallOptions(cancellationToken: cancellationToken);
        return operation switch
        {
            EmptyTable empty => service.EmptyTableAsync(new() { ResultId = result.ToWire(), Size = empty.Size }, options),
            FetchTable => service.FetchTableAsync(new() { ResultId = result.ToWire(), SourceId = inputs[0].ToReference() }, options),
            SelectOrUpdate select => Send(service, select, inputs[0], result, options),
            SelectDistinct distinct => service.SelectDistinctAsync(
                new() { ResultId = result.ToWire(), SourceId = inputs[0].ToReference(), ColumnNames = { distinct.Columns } }, options),
            UnstructuredFilter where => service.UnstructuredFilterAsync(
                new() { ResultId = result.ToWire(), SourceId = inputs[0].ToReference(),
                    Filters = { WithoutParameters(where.Conditions, where.Parameters) } }, options),
            Filter filter => service.FilterAsync(
                new() { ResultId = result.ToWire(), SourceId = inputs[0].ToReference(),
                    Filters = { filter.Conditions.Select(FilterRequests.ToWire) } }, options),
            _ => throw new ArgumentException($"the client does not support {operation.GetType().Name}", nameof(operation)),
        };
    }

    private static AsyncUnaryCall<ExportedTableCreationResponse> Send(
        TableService.TableServiceClient service, SelectOrUpdate select, Ticket source, ExportTicket result, CallOptions options)
    {
        var request = new SelectOrUpdateRequest
        {
            ResultId = result.ToWire(),
            SourceId = source.ToReference(),
            ColumnSpecs = { WithoutParameters(select.Columns, select.Parameters) },
        };
        return select.Kind switch
        {
            SelectKind.Update => service.UpdateAsync(request, options),
            SelectKind.LazyUpdate => service.LazyUpdateAsync(request, options),
            SelectKind.View => service.ViewAsync(request, options),
            SelectKind.UpdateView => service.UpdateViewAsync(request, options),
            SelectKind.Select => service.SelectAsync(request, options),
            _ => throw new ArgumentException($"the client does not support {select.Kind}", nameof(select)),
        };
    }

    private static IReadOnlyList<string> WithoutParameters(
        IReadOnlyList<string> formulas, IReadOnlyDictionary<string, FormulaParameter> parameters) =>
        parameters.Count == 0 ? formulas
            : throw new ArgumentException("the protocol does not support parameters of formulas", nameof(parameters));
}
