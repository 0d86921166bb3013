using Microsoft.Extensions.Logging;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Tables;

/// <summary>The threads for table operations: as many as there are cores. Nothing else runs on them.</summary>
internal sealed class TablePool(PluginInstruments instruments, ILogger<PluginPool> logger) : IAsyncDisposable
{
    private readonly PluginPool _pool = new(
        new PluginPoolOptions { MinThreads = 1, MaxThreads = Math.Max(2, Environment.ProcessorCount) }, instruments, logger) { Name = "tables" };

    /// <summary>
    /// Runs a function on one of the threads. Cancellation has an effect only while the function waits for a thread: then it never runs. Once it runs, this
    /// method waits for its end; the function may observe the token itself.
    /// </summary>
    /// <param name="work">The function.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The result of the function.</returns>
    /// <exception cref="OperationCanceledException">The function was cancelled.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        // The thread and the cancellation compete for this flag. A scheduler checks the token of a queued task only when it dequeues the task.
        var taken = 0;
        var run = Task.Factory.StartNew(
            () => Interlocked.Exchange(ref taken, 1) == 0 ? work() : default!, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _pool.Scheduler);
        await ((Task)run.WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Interlocked.Exchange(ref taken, 1) == 0 ? throw new OperationCanceledException(cancellationToken) : await run.ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
