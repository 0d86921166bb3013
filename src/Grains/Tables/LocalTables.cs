using Wharf.Grains.Objects;

namespace Wharf.Grains.Tables;

/// <summary>What a session does with tables of its own node: at once, without the tables' grains, which answer to everybody else.</summary>
internal sealed class LocalTables(TableStore tables, TableRuns runs)
{
    /// <summary>Whether a table is, or was, of this node.</summary>
    public bool Has(ObjectReference table) => tables.BelongsHere(table.ObjectId);

    /// <summary>Holds a table.</summary>
    /// <exception cref="FaultException">DATA_LOSS: it is gone. UNAVAILABLE: another life of it is meant.</exception>
    public void Hold(ObjectReference table, string holder, TimeSpan? lease) =>
        (tables.Find(table.ObjectId) ?? throw ObjectFaults.Gone(table.ObjectId)).Hold(holder, table.Epoch, lease);

    /// <summary>Lets a table go.</summary>
    public void LetGo(ObjectReference table, string holder) => tables.Find(table.ObjectId)?.LetGo(holder);

    /// <summary>Runs an operation to its end.</summary>
    /// <param name="run">The operation.</param>
    /// <param name="stopped">Nobody wants the result any more; the run is still followed to its end.</param>
    public async Task<TableRunOutcome> RunAsync(TableRun run, CancellationToken stopped)
    {
        await using var stop = stopped.Register(() => runs.Cancel(run.RunId));
        TableRunOutcome outcome;
        do
            outcome = await runs.RunAsync(run, CancellationToken.None);
        while (!outcome.IsDone);
        return outcome;
    }
}
