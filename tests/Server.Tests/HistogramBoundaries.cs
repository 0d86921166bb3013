using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Wharf.Server.Tests;

/// <summary>The exported histograms of the server and of the client.</summary>
public sealed class HistogramBoundaries
{
    private static readonly double[] Expected =
        [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, double.PositiveInfinity];

    [Fact]
    public async Task Durations_are_exported_with_boundaries_from_ten_microseconds_to_ten_seconds()
    {
        var published = new ConcurrentBag<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("Wharf.", StringComparison.Ordinal)
                    && instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal))
                    published.Add(instrument.Name);
            },
        };
        listener.Start();
        var exporter = new Boundaries();
        using var reader = new BaseExportingMetricReader(exporter);
        using var meters = Sdk.CreateMeterProviderBuilder().AddMeter("Wharf.*").AddReader(reader).Build();

        await using (var server = await TestServer.StartAsync())
        {
            await server.Scope.SetAsync("counter", new Plugins.Counter.CounterObject(1), TestServer.Cancelled);
            await using var session = await server.ConnectAsync();
            await using var client = await session.OpenAsync("counter");
            await client.SendAsync("2"u8.ToArray(), cancellationToken: TestServer.Cancelled);
            await client.ReadAsync(TestServer.Cancelled);
            Assert.True(reader.Collect());
        }

        Assert.Equal(["wharf.client.call.duration", "wharf.plugins.handler.duration"], published.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(published.Distinct().Order(StringComparer.Ordinal), exporter.Seen.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            exporter.Seen, static histogram =>
                Assert.Equal(("s", string.Join(' ', Expected)), (histogram.Value.Unit, string.Join(' ', histogram.Value.Bounds))));
    }

    private sealed class Boundaries : BaseExporter<Metric>
    {
        public ConcurrentDictionary<string, (string Unit, double[] Bounds)> Seen { get; } = new();

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                if (metric.MetricType != MetricType.Histogram)
                    continue;
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    var bounds = new List<double>();
                    foreach (var bucket in point.GetHistogramBuckets())
                        bounds.Add(bucket.ExplicitBound);
                    Seen[metric.Name] = (metric.Unit, [.. bounds]);
                }
            }

            return ExportResult.Success;
        }
    }
}
