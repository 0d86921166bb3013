using System.Collections.Immutable;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Tables;

/// <summary>A table: where its data is, what it looks like, who holds it. It stays where its data is, and work on it runs there. The key is the <see cref="ObjectId"/>.</summary>
[GrainInterfaceType("wharf.table")]
[Alias("wharf.ITableGrain")]
public interface ITableGrain : IHeldGrain, ITableWorkerGrain
{
    /// <summary>Describes the table's columns and size.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The description.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the table is gone.</exception>
    [Alias("Summarize")]
    Task<TableSummary> SummarizeAsync(CancellationToken cancellationToken = default);
}

/// <summary>Runs table operations on its silo: a table grain for operations on its table, any key of the maker for those without inputs.</summary>
[GrainInterfaceType("wharf.table-worker")]
[Alias("wharf.ITableWorkerGrain")]
public interface ITableWorkerGrain : IGrainWithStringKey
{
    /// <summary>Starts an operation on the silo's bounded table pool and waits for it, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="run">The operation.</param>
    /// <param name="cancellationToken">Gives up waiting; the operation goes on.</param>
    /// <returns>The result, held for <see cref="TableRun.Holder"/>; or pending: call again with the same <see cref="TableRun.RunId"/>.</returns>
    [Alias("Run")]
    ValueTask<TableRunOutcome> RunAsync(TableRun run, CancellationToken cancellationToken = default);

    /// <summary>Stops an operation whose result nobody wants any more.</summary>
    /// <param name="runId">The operation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is told to stop.</returns>
    [Alias("CancelRun")]
    Task CancelRunAsync(string runId, CancellationToken cancellationToken = default);
}

/// <summary>Makes tables that have no inputs, for programs that are no node; sessions and plugin code make theirs where they are.</summary>
[GrainInterfaceType("wharf.table-maker")]
[Alias("wharf.ITableMakerGrain")]
public interface ITableMakerGrain : ITableWorkerGrain;

/// <summary>One run of an operation.</summary>
/// <param name="RunId">Unique in the cluster; the same id is the same run.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Inputs">The input tables, held by the caller meanwhile; the first is this grain's table.</param>
/// <param name="Holder">Who holds the result.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableRun")]
public sealed record TableRun(
    [property: Id(0)] string RunId,
    [property: Id(1)] PortableOperation Operation,
    [property: Id(2)] ImmutableArray<ObjectReference> Inputs,
    [property: Id(3)] string Holder);

/// <summary>How far a run has come.</summary>
/// <param name="IsDone">False while it runs.</param>
/// <param name="Result">The table it made.</param>
/// <param name="Table">Its description.</param>
/// <param name="Fault">Why it failed, if it did.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableRunOutcome")]
public sealed record TableRunOutcome(
    [property: Id(0)] bool IsDone, [property: Id(1)] ObjectReference? Result, [property: Id(2)] TableSummary? Table, [property: Id(3)] Fault? Fault);
