using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Wharf.Client;

/// <summary>Settings of a session; the defaults fit a server with defaults. They are looked at when the session logs in.</summary>
public sealed class SessionOptions
{
    /// <summary>The largest message of the protocol, 100 MiB, and room for what the transport puts around it.</summary>
    public const int DefaultMaxReceiveMessageBytes = 104_857_600 + 1_048_576;

    /// <summary>The clock by which the session is kept alive and time limits are measured.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The largest message that is received, in bytes.</summary>
    public int MaxReceiveMessageBytes { get; init; } = DefaultMaxReceiveMessageBytes;

    /// <summary>The transport, if it is not to be a socket of the session's own. Whoever made it disposes of it.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>How long a login may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long any other call that has one answer may take, or <see cref="Timeout.InfiniteTimeSpan"/>; past it, the call fails with DEADLINE_EXCEEDED. A server waits up to ten
    /// minutes for an export that is not there yet, so less than that can be too little. Message streams have no limit: a caller's token ends them.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(11);

    /// <summary>How long an upload or a download may go without a single batch, or <see cref="Timeout.InfiniteTimeSpan"/>; past it, it fails with DEADLINE_EXCEEDED.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromMinutes(11);

    /// <summary>Where the session tells of its login, renewals and end.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>What makes the activities of calls; by default the source <c>Wharf.Client</c>.</summary>
    public ActivitySource ActivitySource { get; init; } = ClientTelemetry.DefaultActivitySource;

    /// <summary>What makes the instruments <c>wharf.client.*</c>; by default the meter <c>Wharf.Client</c>.</summary>
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
            throw new ArgumentOutOfRangeException(property, limit, $"{property} is more than zero and at most 24 days, or Timeout.InfiniteTimeSpan");
    }
}
