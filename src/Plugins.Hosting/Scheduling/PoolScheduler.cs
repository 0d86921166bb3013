namespace Wharf.Plugins.Hosting;

/// <summary>The task scheduler of the pool. Continuations of tasks on the pool run on the pool.</summary>
internal sealed class PoolScheduler(PluginPool pool) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => int.MaxValue;

    public bool Execute(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task)
    {
        if (task is TurnRun run)
            pool.Choice.Start(run);
        else
            pool.Enqueue(task);
    }

    /// <summary>Runs continuations inline on the threads of this pool, so that consecutive awaits need no change of threads.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => PoolWorker.CurrentPool == pool && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => pool.Snapshot();
}
