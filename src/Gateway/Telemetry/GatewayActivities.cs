using System.Diagnostics;

namespace Wharf.Gateway.Telemetry;

/// <summary>The spans of a message stream, under the source <c>Wharf.Gateway</c>: parts of the client's call, whose own span is that of ASP.NET Core.</summary>
public static class GatewayActivities
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Wharf.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether the call that this is part of is being recorded; costs nothing while nobody listens.</summary>
    internal static bool IsRecording => Source.HasListeners() && Activity.Current is { Recorded: true };

    /// <summary>Begins the span in which a stream is opened; null unless it is part of a trace.</summary>
    internal static Activity? Connect(string streamId, string type) =>
        IsRecording ? Source.StartActivity("stream connect")?.SetTag("wharf.stream.id", streamId).SetTag("wharf.object.type", type) : null;

    /// <summary>Begins the span of a batch on its way to the object.</summary>
    internal static Activity? Send(string streamId, int messages) =>
        Source.StartActivity("stream send")?.SetTag("wharf.stream.id", streamId).SetTag("messaging.batch.message_count", messages);
}
