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

/// <summary>Exports traces and metrics to a collector, if one is configured.</summary>
internal static class TelemetryHosting
{
    /// <summary>The standard variable of the collector's address.</summary>
    private const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The activity source of grain calls.</summary>
    private const string GrainCalls = "Microsoft.Orleans.Application";

    /// <summary>Adds the configured exporters.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, NodeRole role)
    {
        var section = builder.Configuration.GetSection(TelemetryOptions.Section);
        builder.Services.AddOptions<TelemetryOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        var options = section.Get<TelemetryOptions>() ?? new TelemetryOptions();
        // Invalid options are reported when the server starts.
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

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override these values.
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

    // Health checks and the admin port are not traced.
    private static bool IsOfClients(HttpContext call) =>
        !AdminConnection.IsAdmin(call) && !call.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
            && !call.Request.Path.StartsWithSegments("/grpc.health.v1.Health", StringComparison.OrdinalIgnoreCase);

    private static void Address(OtlpExporterOptions exporter, OtlpOptions collector, string path)
    {
        if (collector.Protocol is { } protocol)
            exporter.Protocol = protocol;
        if (string.IsNullOrEmpty(collector.Endpoint))
            return;
        // The exporter does not append the path of the signal to an endpoint that is set in code.
        var address = new Uri(collector.Endpoint.TrimEnd('/') + "/");
        exporter.Endpoint = exporter.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(address, path) : address;
    }
}
