using Microsoft.Extensions.Hosting;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Objects;

/// <summary>Removes expired leases, streams without calls of their gateway, and outcomes that are no longer needed, every few seconds.</summary>
internal sealed class NodeSweeper(LiveObjects objects, TableStore tables, RequestedTableOperations operations, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Runs one check.</summary>
    public void Sweep()
    {
        foreach (var live in objects.All)
            live.Sweep();
        foreach (var table in tables.All)
            table.ReleaseExpired();
        operations.Sweep();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                Sweep();
        }
        catch (OperationCanceledException)
        {
            // The node is shutting down.
        }
    }
}
