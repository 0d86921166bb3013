using System.Collections.Immutable;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Tables;

/// <summary>
/// A table: its location, its description and its holders. The grain is placed where the data is, and operations on the table run there. The key is the
/// <see cref="ObjectId"/>.
/// </summary>
[GrainInterfaceType("wharf.table")]
[Alias("wharf.ITableGrain")]
public interface ITableGrain : IHeldGrain, ITableWorkerGrain
{
    /// <summary>Describes the table's columns and size.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The description.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the table is lost.</exception>
    [Alias("Summarize")]
    Task<TableSummary> SummarizeAsync(CancellationToken cancellationToken = default);
}

/// <summary>Runs table operations on its silo: a table grain runs operations on its table; any key of a table maker runs operations without inputs.</summary>
[GrainInterfaceType("wharf.table-worker")]
[Alias("wharf.ITableWorkerGrain")]
public interface ITableWorkerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts an operation on the silo's bounded table pool and waits for it, at most <see cref="GrainLimits.LongestWait"/>. Cancellation ends the wait; the
    /// operation continues.
    /// </summary>
    /// <param name="request">The operation.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The result, held by <see cref="TableOperationRequest.Holder"/>; or pending: repeat the call with the same <see cref="TableOperationRequest.RunId"/>.</returns>
    [Alias("Run")]
    ValueTask<TableOperationOutcome> RunAsync(TableOperationRequest request, CancellationToken cancellationToken = default);

    /// <summary>Cancels an operation whose result is no longer needed.</summary>
    /// <param name="runId">The operation.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the cancellation is requested.</returns>
    [Alias("CancelRun")]
    Task CancelRunAsync(string runId, CancellationToken cancellationToken = default);
}

/// <summary>Creates tables without inputs, for programs that are not nodes. Sessions and plugin code create such tables on their own node.</summary>
[GrainInterfaceType("wharf.table-maker")]
[Alias("wharf.ITableMakerGrain")]
public interface ITableMakerGrain : ITableWorkerGrain;

/// <summary>A request to run a table operation.</summary>
/// <param name="RunId">An id that is unique in the cluster; calls with the same id refer to the same operation.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Inputs">The input tables, held by the caller during the operation; the first is the table of this grain.</param>
/// <param name="Holder">The holder of the result.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableRun")]
public sealed record TableOperationRequest(
    [property: Id(0)] string RunId,
    [property: Id(1)] PortableOperation Operation,
    [property: Id(2)] ImmutableArray<ObjectReference> Inputs,
    [property: Id(3)] string Holder);

/// <summary>The progress of a table operation.</summary>
/// <param name="IsDone">Whether the operation has completed.</param>
/// <param name="Result">The resulting table.</param>
/// <param name="Table">The description of the result.</param>
/// <param name="Fault">The failure, if it failed.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableRunOutcome")]
public sealed record TableOperationOutcome(
    [property: Id(0)] bool IsDone, [property: Id(1)] ObjectReference? Result, [property: Id(2)] TableSummary? Table, [property: Id(3)] Fault? Fault);
