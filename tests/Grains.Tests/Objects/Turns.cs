using System.Collections.Concurrent;

namespace Wharf.Grains.Tests.Objects;

/// <summary>One turn after the other, as a grain has them.</summary>
internal sealed class Turns : TaskScheduler
{
    private readonly ConcurrentQueue<Task> _waiting = new();

    /// <summary>Runs something, and then whatever that has put down, to the last turn.</summary>
    public Task RunAsync(Action afterEach, Action first) => Task.Run(
        () =>
        {
            var begun = Task.Factory.StartNew(first, CancellationToken.None, TaskCreationOptions.None, this);
            while (_waiting.TryDequeue(out var turn))
            {
                TryExecuteTask(turn);
                afterEach();
            }

            return begun;
        },
        CancellationToken.None);

    protected override void QueueTask(Task task) => _waiting.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _waiting;
}
