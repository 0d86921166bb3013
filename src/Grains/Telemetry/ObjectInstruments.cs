using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Wharf.Grains.Objects;
using Wharf.Grains.Tables;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Telemetry;

/// <summary>The numbers of objects and tables of this node and the state of their turns, as observable instruments.</summary>
internal sealed class ObjectInstruments(IMeterFactory meters, PluginInstruments plugins, LiveObjects objects, TableStore tables) : IHostedService
{
    private const string TypeTag = "wharf.object.type";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(GrainMeter.Name);
        meter.CreateObservableUpDownCounter("wharf.objects", Objects, "{object}", "Plugin objects that live on this node.");
        meter.CreateObservableUpDownCounter("wharf.tables", () => tables.All.Count(static table => !table.HasEnded), "{table}", "Tables whose data is on this node.");
        plugins.Observe(() => objects.All.SelectMany(static live => live.Queues));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> Objects() => objects.All.Where(static live => !live.HasEnded).CountBy(static live => live.Reference.TypeName)
        .Select(static type => new Measurement<int>(type.Value, new KeyValuePair<string, object?>(TypeTag, type.Key)));
}
