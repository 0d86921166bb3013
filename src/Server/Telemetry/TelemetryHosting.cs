using System.Reflection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Wharf.Gateway.Telemetry;
using Wharf.Grains.Telemetry;
using Wharf.Plugins.Hosting;
using Wharf.Server.Admin;
using Wharf.Server.Memory;
using Wharf.Server.Roles;

namespace Wharf.Server.Telemetry;

/// <summary>Sends traces and metrics to a collector, if one is named.</summary>
internal static class TelemetryHosting
{
    /// <summary>The variable that other programs are told of their collector by.</summary>
    private const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The source of the spans of grain calls.</summary>
    private const string GrainCalls = "Microsoft.Orleans.Application";

    /// <summary>Adds what the settings ask for.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, NodeRole role)
    {
        var section = builder.Configuration.GetSection(TelemetryOptions.Section);
        builder.Services.AddOptions<TelemetryOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        var options = section.Get<TelemetryOptions>() ?? new TelemetryOptions();
        // What is wrong is told when the server starts; until then nothing is made of it.
        if (new TelemetryOptionsValidator().Validate(null, options).Failed)
            return;
        if (string.IsNullOrEmpty(options.Otlp.Endpoint) && string.IsNullOrEmpty(builder.Configuration[StandardEndpoint]))
            return;

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, role));
        if (options.Metrics && role != NodeRole.Gateway)
            builder.Services.AddHostedService<ClusterInstruments>();
        if (options.Metrics)
            telemetry.WithMetrics(metrics => AddMetrics(metrics, options));
        if (options.Traces)
        {
            telemetry.WithTracing(traces => AddTraces(traces, options));
            builder.ConfigureOrleans(role, static silo => silo.AddActivityPropagation(), static client => client.AddActivityPropagation());
        }
    }

    // Whoever runs the server has the last word, by OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
    private static void Describe(ResourceBuilder resource, NodeRole role)
    {
        var version = typeof(TelemetryHosting).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        resource.AddService("wharf", serviceVersion: version)
            .AddAttributes([new("host.name", Environment.MachineName), new("wharf.node.role", role.ToString().ToLowerInvariant())])
            .AddEnvironmentVariableDetector();
    }

    private static void AddMetrics(MeterProviderBuilder metrics, TelemetryOptions options) => metrics
        .AddMeter(GatewayInstruments.MeterName, GrainMeter.Name, PluginInstruments.MeterName, ClusterInstruments.MeterName, MemoryInstruments.MeterName)
        .AddMeter([.. options.Meters])
        .AddOtlpExporter((exporter, reader) =>
        {
            Address(exporter, options.Otlp, "v1/metrics");
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.MetricsInterval.TotalMilliseconds;
        });

    private static void AddTraces(TracerProviderBuilder traces, TelemetryOptions options) => traces
        .SetSampler(new CallSampler(options.SamplingRatio))
        .AddAspNetCoreInstrumentation(static calls => calls.Filter = IsOfClients)
        .AddSource(GatewayActivities.SourceName, GrainActivities.SourceName, PluginActivities.SourceName, GrainCalls)
        .AddOtlpExporter(exporter => Address(exporter, options.Otlp, "v1/traces"));

    // What asks whether the server lives is no client.
    private static bool IsOfClients(HttpContext call) =>
        !AdminConnection.Carries(call) && !call.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
            && !call.Request.Path.StartsWithSegments("/grpc.health.v1.Health", StringComparison.OrdinalIgnoreCase);

    private static void Address(OtlpExporterOptions exporter, OtlpOptions collector, string path)
    {
        if (collector.Protocol is { } protocol)
            exporter.Protocol = protocol;
        if (string.IsNullOrEmpty(collector.Endpoint))
            return;
        // An address that is set in code is taken as it is; over HTTP each kind of data has its own below the one that is meant.
        var address = new Uri(collector.Endpoint.TrimEnd('/') + "/");
        exporter.Endpoint = exporter.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(address, path) : address;
    }
}
