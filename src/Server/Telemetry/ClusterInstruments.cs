using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orleans.Runtime;

namespace Wharf.Server.Telemetry;

/// <summary>What this node sees of the others, under the meter <c>Wharf.Silo</c>.</summary>
internal sealed class ClusterInstruments(IMeterFactory meters, ISiloStatusOracle silos) : IHostedService, ISiloStatusListener
{
    public const string MeterName = "Wharf.Silo";

    private readonly ConcurrentDictionary<SiloAddress, SiloStatus> _last = new();
    private Counter<long>? _lost;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter(
            "wharf.cluster.nodes", () => silos.GetApproximateSiloStatuses(onlyActive: true).Count, "{node}", "Nodes of the cluster that are up, this one included.");
        _lost = meter.CreateCounter<long>("wharf.cluster.nodes.lost", "{node}", "Nodes that went without saying so.");
        silos.SubscribeToSiloStatusEvents(this);
        // Those that were there before this one; what has been told of them meanwhile is newer.
        foreach (var (silo, status) in silos.GetApproximateSiloStatuses())
            _last.TryAdd(silo, status);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        silos.UnSubscribeFromSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    // One that stops says so first.
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead)
            _last[updatedSilo] = status;
        else if (_last.TryRemove(updatedSilo, out var last) && last == SiloStatus.Active)
            _lost?.Add(1);
    }
}
