using OpenTelemetry.Exporter;

namespace Wharf.Server.Telemetry;

/// <summary>Options of traces and metrics. Without an endpoint, they are not created. Section <c>Wharf:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Wharf:Telemetry";

    /// <summary>The collector of traces and metrics.</summary>
    public OtlpOptions Otlp { get; set; } = new();

    /// <summary>Whether traces are exported.</summary>
    public bool Traces { get; set; } = true;

    /// <summary>Whether metrics are exported.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>The sampling ratio of calls without a caller's sampling decision, from 0 to 1.</summary>
    public double SamplingRatio { get; set; } = 1;

    /// <summary>The interval of the export of metrics.</summary>
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Further meters to export, such as <c>Microsoft.Orleans</c> or <c>System.Runtime</c>; <c>*</c> is a wildcard.</summary>
    public IList<string> Meters { get; } = [];
}

/// <summary>An OTLP collector.</summary>
public sealed class OtlpOptions
{
    /// <summary>The address of the collector. The default is the variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The protocol, <c>Grpc</c> or <c>HttpProtobuf</c>. The default is the variable <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, or gRPC.</summary>
    public OtlpExportProtocol? Protocol { get; set; }
}
