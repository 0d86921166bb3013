using OpenTelemetry.Exporter;

namespace Wharf.Server.Telemetry;

/// <summary>Where traces and metrics go. Without an endpoint they go nowhere, and nothing is made that could cost anything. Section <c>Wharf:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Wharf:Telemetry";

    /// <summary>The collector that they are sent to.</summary>
    public OtlpOptions Otlp { get; set; } = new();

    /// <summary>Whether there are traces.</summary>
    public bool Traces { get; set; } = true;

    /// <summary>Whether there are metrics.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>The part of the calls that is traced, from 0 to 1; a caller's own decision overrides it.</summary>
    public double SamplingRatio { get; set; } = 1;

    /// <summary>How often metrics are sent.</summary>
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Meters of others that are sent as well, such as <c>Microsoft.Orleans</c> or <c>System.Runtime</c>; a star stands for anything.</summary>
    public IList<string> Meters { get; } = [];
}

/// <summary>A collector that speaks OTLP.</summary>
public sealed class OtlpOptions
{
    /// <summary>The address of the collector; without one, that of the variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The protocol, <c>Grpc</c> or <c>HttpProtobuf</c>; without it, that of <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, or gRPC.</summary>
    public OtlpExportProtocol? Protocol { get; set; }
}
