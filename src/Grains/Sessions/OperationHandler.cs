using System.Collections.Immutable;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Sessions;

/// <summary>The implementation of an operation of a session, which runs when its sources are available.</summary>
internal abstract class OperationHandler
{
    /// <summary>Creates the implementation of an operation.</summary>
    /// <exception cref="FaultException">UNIMPLEMENTED: an operation of a later version.</exception>
    public static OperationHandler For(ExportWork work) => work switch
    {
        ReferenceWork => new ReferenceHandler(),
        TableWork table => new TableHandler(table.Operation),
        AdoptWork adopt => new AdoptHandler(adopt),
        FailWork fail => new FailHandler(fail.Fault),
        BindWork bind => new BindHandler(bind),
        _ => throw new FaultException(FaultCode.Unimplemented, $"This node does not support the operation {work.GetType().Name}"),
    };

    /// <summary>Runs the operation.</summary>
    /// <param name="context">The context of the operation.</param>
    /// <param name="stopped">Cancelled when the result is no longer needed. An operation that cannot be cancelled runs to its end.</param>
    public abstract Task<OperationResult> RunAsync(OperationContext context, CancellationToken stopped);

    /// <summary>Called when the operation has ended for its waiters, even if it never ran.</summary>
    public virtual Task OnEndedAsync(RetryingCalls calls) => Task.CompletedTask;

    /// <summary>Releases a result that was not fetched.</summary>
    public virtual Task ReleaseResultAsync(OperationResult result, RetryingCalls calls) => Task.CompletedTask;
}

/// <summary>The context of an operation.</summary>
/// <param name="Inputs">The values of the sources, held until the operation ends.</param>
/// <param name="Holder">The holder of the result.</param>
/// <param name="RunId">An id that is unique in the cluster.</param>
/// <param name="Calls">Calls other grains.</param>
/// <param name="Tables">Runs table operations.</param>
/// <param name="Variables">The session's variables.</param>
internal sealed record OperationContext(
    ImmutableArray<ExportValue> Inputs, string Holder, string RunId, RetryingCalls Calls, ITableDispatcher Tables, SessionVariables Variables);

/// <summary>The result of an operation.</summary>
/// <param name="Value">The value of the export, held.</param>
/// <param name="References">The references for the caller.</param>
/// <param name="Table">The description of the table that the operation created.</param>
internal sealed record OperationResult(ExportValue? Value, ImmutableArray<ObjectReference> References, TableSummary? Table = null)
{
    public static OperationResult Of(ExportValue value, TableSummary? table = null) => new(value, [value.Reference], table);
}
