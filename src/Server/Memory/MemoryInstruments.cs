using System.Diagnostics.Metrics;
using Wharf.Tables;

namespace Wharf.Server.Memory;

/// <summary>The memory of the node, under the meter <c>Wharf.Memory</c>.</summary>
internal sealed class MemoryInstruments(IMeterFactory meters, MemoryAccountant memory) : IHostedService
{
    public const string MeterName = "Wharf.Memory";

    private const string UseTag = "wharf.memory.use";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("wharf.memory.limit", () => memory.Limits.Process, "By", "The memory that the node may use.");
        meter.CreateObservableUpDownCounter("wharf.memory.used", () => memory.Used, "By", "The memory that the node uses, including garbage.");
        meter.CreateObservableUpDownCounter("wharf.memory.reserved", Reserved, "By", "The memory that sessions are charged for.");
        meter.CreateObservableCounter("wharf.memory.refusals", () => memory.Refusals, "{refusal}", "Calls and messages that a memory budget refused.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> Reserved() => Enum.GetValues<MemoryUse>()
        .Select(use => new Measurement<long>(memory.ReservedFor(use), new KeyValuePair<string, object?>(UseTag, use.ToString().ToLowerInvariant())));
}
