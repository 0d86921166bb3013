using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Ticket = Wharf.Protocol.Ticket;

namespace Wharf.Client;

/// <summary>The logs, activities and measurements of a session. On the message path it only counts.</summary>
internal sealed partial class ClientTelemetry
{
    private const string Name = "Wharf.Client";

    /// <summary>Boundaries from 10 microseconds to 10 seconds; the default ones are for milliseconds.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly ILogger _logger;
    private readonly ActivitySource _activities;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _streams;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;

    public ClientTelemetry(SessionOptions options)
    {
        _logger = options.Logger;
        _activities = options.ActivitySource;
        _duration = options.Meter.CreateHistogram<double>(
            "wharf.client.call.duration", "s", "Calls with one answer, by method and status", advice: Seconds);
        _streams = options.Meter.CreateUpDownCounter<long>("wharf.client.streams", "{stream}", "Open message streams");
        _sent = options.Meter.CreateCounter<long>("wharf.client.messages.sent", "{message}", "Messages sent to objects");
        _received = options.Meter.CreateCounter<long>("wharf.client.messages.received", "{message}", "Messages received from objects");
    }

    public static ActivitySource DefaultActivitySource { get; } = new(Name);

    public static Meter DefaultMeter { get; } = new(Name);

    public Activity? StartCall(string method, Ticket? ticket)
    {
        var activity = _activities.StartActivity(method, ActivityKind.Client);
        if (activity is not null && ticket is not null)
            activity.SetTag("wharf.ticket", ticket.ToString());
        return activity;
    }

    public void EndCall(Activity? activity, string method, TimeSpan duration, StatusCode status)
    {
        _duration.Record(duration.TotalSeconds, new("rpc.method", method), new("rpc.grpc.status_code", (int)status));
        if (status != StatusCode.OK)
            activity?.SetStatus(ActivityStatusCode.Error, status.ToString());
        activity?.Dispose();
    }

    public void StreamOpened() => _streams.Add(1);

    public void StreamEnded() => _streams.Add(-1);

    public void Sent() => _sent.Add(1);

    public void Received() => _received.Add(1);

    [LoggerMessage(
        EventId = 1, Level = LogLevel.Information,
        Message = "Logged in at {Address} by {Scheme}; the session expires {Duration} after its last call")]
    private static partial void LogOpened(ILogger logger, Uri address, string scheme, TimeSpan duration);

    public void Opened(Uri address, string scheme, TimeSpan duration) => LogOpened(_logger, address, scheme, duration);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Failed to renew the session; retrying after {Wait}")]
    private static partial void LogRenewalFailed(ILogger logger, Exception exception, TimeSpan wait);

    public void RenewalFailed(Exception exception, TimeSpan wait) => LogRenewalFailed(_logger, exception, wait);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "The session has ended on the server")]
    private static partial void LogLost(ILogger logger);

    public void Lost() => LogLost(_logger);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "The session is closed")]
    private static partial void LogClosed(ILogger logger);

    public void Closed() => LogClosed(_logger);
}
