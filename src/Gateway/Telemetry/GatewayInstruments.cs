using System.Diagnostics.Metrics;
using Wharf.Grains;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Telemetry;

/// <summary>The metrics of clients, under the meter <c>Wharf.Gateway</c>. Messages are counted per batch, and only while a listener is enabled.</summary>
public sealed class GatewayInstruments
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Wharf.Gateway";

    private static readonly KeyValuePair<string, object?> Receive = new("network.io.direction", "receive");
    private static readonly KeyValuePair<string, object?> Transmit = new("network.io.direction", "transmit");

    private readonly Counter<long> _messages;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _logins;
    private readonly Counter<long> _broken;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _refusedConnections;
    private int _streams;
    private int _connections;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">The application's meters.</param>
    public GatewayInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("wharf.streams", () => Volatile.Read(ref _streams), "{stream}", "Message streams that clients have open.");
        _messages = meter.CreateCounter<long>("wharf.stream.messages", "{message}", "Messages on the streams of clients.");
        _bytes = meter.CreateCounter<long>("wharf.stream.io", "By", "Bytes of these messages.");
        meter.CreateObservableUpDownCounter("wharf.connections", () => Volatile.Read(ref _connections), "{connection}", "Connections that are open on the port.");
        _refusedConnections = meter.CreateCounter<long>("wharf.connections.refused", "{connection}", "Connections that were closed because there are too many.");
        _refused = meter.CreateCounter<long>("wharf.calls.refused", "{call}", "Calls that were refused before a handler received them.");
        _broken = meter.CreateCounter<long>("wharf.calls.broken", "{call}", "Calls that clients reset, or whose connection closed.");
        _logins = meter.CreateCounter<long>("wharf.logins", "{login}", "Logins, accepted and refused.");
    }

    internal void StreamOpened() => Interlocked.Increment(ref _streams);

    internal void StreamClosed() => Interlocked.Decrement(ref _streams);

    internal void ConnectionOpened() => Interlocked.Increment(ref _connections);

    internal void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    internal void ConnectionRefused(string limit) => _refusedConnections.Add(1, new KeyValuePair<string, object?>("wharf.limit", limit));

    internal void CallRefused(FaultCode status) => _refused.Add(1, new KeyValuePair<string, object?>("rpc.grpc.status_code", (int)status));

    internal void CallBroken() => _broken.Add(1);

    internal void Received(ReadOnlySpan<StreamPart> parts) => Count(parts, Receive);

    internal void Sent(ReadOnlySpan<StreamPart> parts) => Count(parts, Transmit);

    internal void LoggedIn(string scheme) => Count(scheme, "accepted");

    internal void Refused(string scheme) => Count(scheme, "refused");

    private void Count(ReadOnlySpan<StreamPart> parts, KeyValuePair<string, object?> direction)
    {
        if (!_messages.Enabled && !_bytes.Enabled)
            return;
        var messages = 0;
        var bytes = 0L;
        foreach (var part in parts)
        {
            bytes += part.Bytes.Length;
            if (part.IsLast)
                messages++;
        }

        _messages.Add(messages, direction);
        _bytes.Add(bytes, direction);
    }

    private void Count(string scheme, string outcome) => _logins.Add(1, new("wharf.login.scheme", scheme), new("wharf.login.outcome", outcome));
}
