namespace Wharf.Tables;

/// <summary>Computes table operations. Safe for many threads at once: what it keeps between two operations is how formulas were read and bound, and memory.</summary>
public sealed class TableEngine
{
    private readonly Dictionary<Type, Handler> _handlers = [];

    /// <summary>Makes an engine.</summary>
    /// <param name="timeProvider">Where formulas take the present moment from.</param>
    public TableEngine(TimeProvider timeProvider)
        : this(timeProvider, Random.Shared)
    {
    }

    /// <summary>Makes an engine whose chance is given.</summary>
    /// <param name="timeProvider">Where formulas take the present moment from.</param>
    /// <param name="random">Where formulas take random numbers from.</param>
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
    /// <param name="operation">What to compute.</param>
    /// <param name="inputs">The tables it is computed on, <see cref="TableOperation.InputCount"/> of them.</param>
    /// <param name="cancellationToken">Ends a long computation early.</param>
    /// <param name="memory">The charge that pays for the memory of the computation, if there is one. It is disposed of by the caller, after the result has been charged for.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TableException">The operation cannot be computed on these tables, or its result does not fit into the memory that it may use.</exception>
    public ArrowTable Run(TableOperation operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken, MemoryCharge? memory = null)
    {
        ArgumentNullException.ThrowIfNull(operation);
        TableOperationValidator.Validate(operation);
        if (inputs.Count != operation.InputCount)
            throw new TableException(TableError.InvalidArgument, $"{operation.GetType().Name} takes {operation.InputCount} tables, not {inputs.Count}");
        if (!_handlers.TryGetValue(operation.GetType(), out Handler? handler))
            throw new TableException(TableError.Unimplemented, $"this server does not compute {operation.GetType().Name}");
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

    /// <summary>Whether it is certain that an operation takes some microseconds only, so that it can be computed where one must not stay long.</summary>
    /// <param name="operation">What to compute.</param>
    /// <param name="inputs">The tables it is computed on.</param>
    /// <returns>False when nobody knows.</returns>
    public static bool IsQuick(TableOperation operation, IReadOnlyList<ArrowTable> inputs) =>
        operation is EmptyTable || (operation is SelectOrUpdate { Columns: not null, Parameters: not null } formulas && inputs.Count == 1 && QuickFormulas.Are(formulas, inputs[0]));

    /// <summary>Drops memory that was kept for columns and that none has needed since the last time; to be called now and then.</summary>
    public static void TrimMemory() => ColumnMemory.Shared.Trim();

    private void Add<TOperation>(ITableOperationHandler<TOperation> handler)
        where TOperation : TableOperation =>
        _handlers.Add(typeof(TOperation), (operation, inputs, cancellationToken) => handler.Run((TOperation)operation, inputs, cancellationToken));
}
