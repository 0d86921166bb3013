using Wharf.Tables.Schemas;

namespace Wharf.Tables.Operations;

internal sealed class EmptyTableHandler : ITableOperationHandler<EmptyTable>
{
    // A table without columns needs no memory for its rows.
    public ArrowTable Run(EmptyTable operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken) =>
        new([], operation.Size, TableShape.Flat);
}

internal sealed class FetchTableHandler : ITableOperationHandler<FetchTable>
{
    public ArrowTable Run(FetchTable operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken) => inputs[0];
}
