using System.Diagnostics;

namespace Wharf.Gateway.Telemetry;

/// <summary>The spans of message streams, under the source <c>Wharf.Gateway</c>. Their parent is the span of the client's call, which ASP.NET Core creates.</summary>
public static class GatewayActivities
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Wharf.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether the current call is recorded. The check has no cost without a listener.</summary>
    internal static bool IsRecording => Source.HasListeners() && Activity.Current is { Recorded: true };

    /// <summary>Starts the span in which a stream is opened; null if the call is not recorded.</summary>
    internal static Activity? Connect(string streamId, string type) =>
        IsRecording ? Source.StartActivity("stream connect")?.SetTag("wharf.stream.id", streamId).SetTag("wharf.object.type", type) : null;

    /// <summary>Starts the span in which a batch is sent to the object.</summary>
    internal static Activity? Send(string streamId, int messages) =>
        Source.StartActivity("stream send")?.SetTag("wharf.stream.id", streamId).SetTag("messaging.batch.message_count", messages);
}
