using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Telemetry;

/// <summary>The numbers of sessions and exports of this node, as observable instruments.</summary>
internal sealed class SessionInstruments(IMeterFactory meters, LocalSessions sessions) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(GrainMeter.Name);
        meter.CreateObservableUpDownCounter("wharf.sessions", () => sessions.Count, "{session}", "Sessions that live on this node.");
        meter.CreateObservableUpDownCounter("wharf.exports", () => sessions.Exports, "{export}", "Exports of these sessions that are there or may still come.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
