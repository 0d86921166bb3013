using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Wharf.Client;

/// <summary>The settings of a session, which are read when it logs in. The defaults match those of the server.</summary>
public sealed class SessionOptions
{
    /// <summary>The maximum message size of the protocol, 100 MiB, plus the overhead of the transport.</summary>
    public const int DefaultMaxReceiveMessageBytes = 104_857_600 + 1_048_576;

    /// <summary>The clock for renewals and time limits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The maximum size of a received message, in bytes.</summary>
    public int MaxReceiveMessageBytes { get; init; } = DefaultMaxReceiveMessageBytes;

    /// <summary>
    /// The HTTP handler of the channel; null for a <see cref="SocketsHttpHandler"/> of the session. The session does not dispose it.
    /// </summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>The time limit of a login.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time limit of any other unary call, or <see cref="Timeout.InfiniteTimeSpan"/>. A call that exceeds it fails with
    /// DEADLINE_EXCEEDED. The server waits up to ten minutes for an export that is not defined yet, so a shorter limit can be too low.
    /// Message streams have no limit; cancel their token to end them.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(11);

    /// <summary>
    /// The maximum time between two batches of an upload or a download, or <see cref="Timeout.InfiniteTimeSpan"/>. A transfer that exceeds
    /// it fails with DEADLINE_EXCEEDED.
    /// </summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromMinutes(11);

    /// <summary>The logger for the login, renewals and the end of the session.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The source of the activities of calls; by default <c>Wharf.Client</c>.</summary>
    public ActivitySource ActivitySource { get; init; } = ClientTelemetry.DefaultActivitySource;

    /// <summary>The meter of the instruments <c>wharf.client.*</c>; by default <c>Wharf.Client</c>.</summary>
    public Meter Meter { get; init; } = ClientTelemetry.DefaultMeter;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Logger);
        ArgumentNullException.ThrowIfNull(ActivitySource);
        ArgumentNullException.ThrowIfNull(Meter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxReceiveMessageBytes);
        ValidateLimit(ConnectTimeout, nameof(ConnectTimeout));
        ValidateLimit(CallTimeout, nameof(CallTimeout));
        ValidateLimit(TransferTimeout, nameof(TransferTimeout));
    }

    private static void ValidateLimit(TimeSpan limit, string property)
    {
        if (limit != Timeout.InfiniteTimeSpan && (limit <= TimeSpan.Zero || limit.TotalMilliseconds > int.MaxValue))
            throw new ArgumentOutOfRangeException(
                property, limit, $"{property} must be positive and at most 24 days, or Timeout.InfiniteTimeSpan");
    }
}
