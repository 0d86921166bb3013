namespace Wharf.Tables.Operations;

/// <summary>Computes one kind of table operation.</summary>
/// <typeparam name="TOperation">The operation.</typeparam>
internal interface ITableOperationHandler<in TOperation>
    where TOperation : TableOperation
{
    /// <summary>Computes the result. The number of inputs has been checked.</summary>
    ArrowTable Run(TOperation operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken);
}
