using Microsoft.Extensions.Logging;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Tables;

/// <summary>The threads of table work: as many as there are cores, and nobody else's.</summary>
internal sealed class TablePool(PluginInstruments instruments, ILogger<PluginPool> logger) : IAsyncDisposable
{
    private readonly PluginPool _pool = new(
        new PluginPoolOptions { MinThreads = 1, MaxThreads = Math.Max(2, Environment.ProcessorCount) }, instruments, logger) { Name = "tables" };

    /// <summary>Runs something on one of them.</summary>
    /// <param name="work">What to run.</param>
    /// <param name="cancellationToken">Ends the wait for a thread: what has none by then never runs. What runs is followed to its end, which it may hasten by looking at the token.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        // Whoever is first, the thread or the one who gives up. The token of a task that waits in a scheduler's queue is looked at only when it comes out of that.
        var taken = 0;
        var run = Task.Factory.StartNew(
            () => Interlocked.Exchange(ref taken, 1) == 0 ? work() : default!, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _pool.Scheduler);
        await ((Task)run.WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Interlocked.Exchange(ref taken, 1) == 0 ? throw new OperationCanceledException(cancellationToken) : await run.ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
