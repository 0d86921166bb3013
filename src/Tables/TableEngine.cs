using Wharf.Tables.Columns;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Operations;

namespace Wharf.Tables;

/// <summary>Computes table operations. Thread-safe; it caches parsed and bound formulas and pools memory between operations.</summary>
public sealed class TableEngine
{
    private readonly Dictionary<Type, Handler> _handlers = [];

    /// <summary>Creates an engine.</summary>
    /// <param name="timeProvider">The clock for formulas.</param>
    public TableEngine(TimeProvider timeProvider)
        : this(timeProvider, Random.Shared)
    {
    }

    /// <summary>Creates an engine with a random generator.</summary>
    /// <param name="timeProvider">The clock for formulas.</param>
    /// <param name="random">The random generator for formulas.</param>
    public TableEngine(TimeProvider timeProvider, Random random)
    {
        Add(new EmptyTableHandler());
        Add(new FetchTableHandler());
        var contexts = new FormulaContexts(timeProvider, random);
        Add(new SelectOrUpdateHandler(contexts));
        Add(new UnstructuredFilterHandler(contexts));
        Add(new FilterHandler(contexts));
        Add(new SelectDistinctHandler());
    }

    private delegate ArrowTable Handler(TableOperation operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken);

    /// <summary>Computes one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">The input tables, <see cref="TableOperation.InputCount"/> of them.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <param name="memory">
    /// The charge for the memory of the computation, if there is one. The caller disposes it after charging for the result.
    /// </param>
    /// <returns>The result.</returns>
    /// <exception cref="TableException">The operation is invalid for these tables, or the result exceeds the memory budget.</exception>
    public ArrowTable Run(
        TableOperation operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken, MemoryCharge? memory = null)
    {
        ArgumentNullException.ThrowIfNull(operation);
        TableOperationValidator.Validate(operation);
        if (inputs.Count != operation.InputCount)
            throw new TableException(
                TableError.InvalidArgument, $"{operation.GetType().Name} takes {operation.InputCount} tables, not {inputs.Count}");
        if (!_handlers.TryGetValue(operation.GetType(), out Handler? handler))
            throw new TableException(TableError.Unimplemented, $"this server does not implement {operation.GetType().Name}");
        using OperationMemory.Scope scope = OperationMemory.Enter(memory is null ? null : new OperationMemory(memory));
        try
        {
            return handler(operation, inputs, cancellationToken);
        }
        catch (FormulaError error)
        {
            throw new TableException(TableError.InvalidArgument, error.Message, error);
        }
    }

    /// <summary>
    /// Returns whether an operation is certain to take only microseconds, so that it can be computed on a thread that must not be blocked.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">The input tables.</param>
    /// <returns>False if the duration is unknown.</returns>
    public static bool IsFast(TableOperation operation, IReadOnlyList<ArrowTable> inputs) =>
        operation is EmptyTable || (operation is SelectOrUpdate { Columns: not null, Parameters: not null } formulas && inputs.Count == 1
            && FastFormulas.AreFast(formulas, inputs[0]));

    /// <summary>Releases pooled memory that was not used since the last call. To be called periodically.</summary>
    public static void TrimMemory() => ColumnMemory.Shared.Trim();

    private void Add<TOperation>(ITableOperationHandler<TOperation> handler)
        where TOperation : TableOperation =>
        _handlers.Add(
            typeof(TOperation), (operation, inputs, cancellationToken) => handler.Run((TOperation)operation, inputs, cancellationToken));
}
