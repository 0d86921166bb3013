using Microsoft.Extensions.Hosting;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Objects;

/// <summary>Looks, every few seconds, for leases that ran out, gateways that fell silent, and outcomes nobody will ask for.</summary>
internal sealed class NodeSweeper(LiveObjects objects, TableStore tables, TableRuns runs, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Looks once.</summary>
    public void Sweep()
    {
        foreach (var live in objects.All)
            live.Sweep();
        foreach (var table in tables.All)
            table.LetGoExpired();
        runs.Sweep();
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
            // The node stops.
        }
    }
}
