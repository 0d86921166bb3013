using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orleans.Runtime;

namespace Wharf.Server.Telemetry;

/// <summary>The instruments of the members of the cluster, under the meter <c>Wharf.Silo</c>.</summary>
internal sealed class ClusterInstruments(IMeterFactory meters, ISiloStatusOracle silos) : IHostedService, ISiloStatusListener
{
    public const string MeterName = "Wharf.Silo";

    private readonly ConcurrentDictionary<SiloAddress, SiloStatus> _last = new();
    private Counter<long>? _lost;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter(
            "wharf.cluster.nodes", () => silos.GetApproximateSiloStatuses(onlyActive: true).Count, "{node}", "Active nodes of the cluster, including this one.");
        _lost = meter.CreateCounter<long>("wharf.cluster.nodes.lost", "{node}", "Nodes that were lost without an orderly stop.");
        silos.SubscribeToSiloStatusEvents(this);
        // Adds the nodes that joined earlier. Notifications that were already received are newer.
        foreach (var (silo, status) in silos.GetApproximateSiloStatuses())
            _last.TryAdd(silo, status);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        silos.UnSubscribeFromSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    // A node that stops in order changes its status first.
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead)
            _last[updatedSilo] = status;
        else if (_last.TryRemove(updatedSilo, out var last) && last == SiloStatus.Active)
            _lost?.Add(1);
    }
}
