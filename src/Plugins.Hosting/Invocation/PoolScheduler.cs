namespace Wharf.Plugins.Hosting;

/// <summary>The pool as the task library knows it. What awaits on the pool continues on the pool.</summary>
internal sealed class PoolScheduler(PluginPool pool) : TaskScheduler
{
    [ThreadStatic]
    private static TurnQueue? t_lentTo;

    public override int MaximumConcurrencyLevel => int.MaxValue;

    public bool Execute(Task task) => TryExecuteTask(task);

    /// <summary>The calling thread is there for the queue that is begun next on it.</summary>
    public static void Lend(TurnQueue queue) => t_lentTo = queue;

    protected override void QueueTask(Task task)
    {
        // Only turns that begin may go to a thread that is lent; what they awaited continues on the plugins' own.
        if (t_lentTo is { } queue && task.AsyncState == queue)
        {
            t_lentTo = null;
            pool.Visit(task);
        }
        else if (task.AsyncState is TurnQueue { Pace.IsBrisk: true })
        {
            ThreadPool.UnsafeQueueUserWorkItem(static begin => begin.pool.Visit(begin.task), (pool, task), preferLocal: true);
        }
        else
        {
            pool.Enqueue(task);
        }
    }

    /// <summary>Continuations run on where they are if that is a thread of this pool: several awaits in a row cost no hop each.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => PoolWorker.CurrentPool == pool && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => pool.Snapshot();
}
