namespace Wharf.Tables;

internal sealed class EmptyTableHandler : ITableOperationHandler<EmptyTable>
{
    // Rows without columns are only a number, however large.
    public ArrowTable Run(EmptyTable operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken) =>
        new([], operation.Size, TableShape.Flat);
}

internal sealed class FetchTableHandler : ITableOperationHandler<FetchTable>
{
    public ArrowTable Run(FetchTable operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken) => inputs[0];
}
