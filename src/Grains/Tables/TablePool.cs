using Microsoft.Extensions.Logging;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Tables;

/// <summary>The threads of table work: as many as there are cores, and nobody else's.</summary>
internal sealed class TablePool(PluginInstruments instruments, ILogger<PluginPool> logger) : IAsyncDisposable
{
    private readonly PluginPool _pool = new(
        new PluginPoolOptions { MinThreads = 1, MaxThreads = Math.Max(2, Environment.ProcessorCount) }, instruments, logger) { Name = "tables" };

    public TaskScheduler Scheduler => _pool.Scheduler;

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
