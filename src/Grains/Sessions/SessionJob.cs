using System.Collections.Immutable;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Sessions;

/// <summary>What a piece of work does once everything that it waits for is there.</summary>
internal abstract class SessionJob
{
    /// <summary>The job of a piece of work that makes an export.</summary>
    /// <exception cref="FaultException">UNIMPLEMENTED: work of a later version.</exception>
    public static SessionJob For(ExportWork work) => work switch
    {
        ReferenceWork => new ReferenceJob(),
        TableWork table => new TableJob(table.Operation),
        AdoptWork adopt => new AdoptJob(adopt),
        FailWork fail => new FailJob(fail.Fault),
        BindWork bind => new BindJob(bind),
        _ => throw new FaultException(FaultCode.Unimplemented, $"This node does not know the work {work.GetType().Name}"),
    };

    /// <summary>Does it.</summary>
    /// <param name="run">What it has to do it with.</param>
    /// <param name="stopped">Nobody wants the result any more. Work that cannot stop at once goes on to its end.</param>
    public abstract Task<JobResult> RunAsync(JobRun run, CancellationToken stopped);

    /// <summary>The work is over for the one who waits for it, whether it ever ran or not.</summary>
    public virtual Task EndAsync(GrainCalls calls) => Task.CompletedTask;

    /// <summary>Nobody came for the result.</summary>
    public virtual Task UndoAsync(JobResult result, GrainCalls calls) => Task.CompletedTask;
}

/// <summary>What a job has to do its work with.</summary>
/// <param name="Inputs">The sources' values, held until the job is done.</param>
/// <param name="Holder">Who holds the result.</param>
/// <param name="RunId">Unique in the cluster.</param>
/// <param name="Calls">The cluster.</param>
/// <param name="Tables">Where table operations run.</param>
/// <param name="Variables">The session's variables.</param>
internal sealed record JobRun(
    ImmutableArray<ExportValue> Inputs, string Holder, string RunId, GrainCalls Calls, ITableDispatcher Tables, SessionVariables Variables);

/// <summary>What came of a job.</summary>
/// <param name="Value">What its export holds; held already.</param>
/// <param name="References">What its caller is told.</param>
/// <param name="Table">The table's description, if it is one that the job made.</param>
internal sealed record JobResult(ExportValue? Value, ImmutableArray<ObjectReference> References, TableSummary? Table = null)
{
    public static JobResult Of(ExportValue value, TableSummary? table = null) => new(value, [value.Reference], table);
}
