namespace Wharf.Gateway.Hosting;

/// <summary>The limits and timeouts of the gateway. Section <c>Wharf:Gateway</c>. The port and TLS are in the section <c>Wharf</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>The maximum length of a message, in bytes.</summary>
    public int MaxMessageBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>The maximum length of the request of a call that sends one message, in bytes. For the messages of streams and uploads it is <c>MaxMessageBytes</c>.</summary>
    public int MaxRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The maximum length of a message of a caller without a session, in bytes.</summary>
    public int MaxRequestBytesWithoutSession { get; set; } = 64 * 1024;

    /// <summary>The maximum time in which the request of a call that sends one message arrives.</summary>
    public TimeSpan RequestBodyTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The minimum rate at which such a request arrives after <c>HandshakeTimeout</c>, in bytes per second.</summary>
    public int MinRequestBytesPerSecond { get; set; } = 1024;

    /// <summary>The maximum number of open connections of the port.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>The maximum number of open connections of one address. A proxy of <c>Wharf:Auth:TrustedProxies</c> has no such limit.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 1_000;

    /// <summary>The maximum number of open streams of one address without a session: handshakes before the login, health watches, reflection.</summary>
    public int MaxStreamsWithoutSessionPerAddress { get; set; } = 100;

    /// <summary>The time limit of a stream without a session.</summary>
    public TimeSpan StreamTimeWithoutSession { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The maximum number of bytes of all calls without a session: 16 KiB for each call, and its request.</summary>
    public long MaxBytesWithoutSession { get; set; } = 256 * 1024 * 1024;

    /// <summary>The maximum number of these bytes for the calls of one address.</summary>
    public long MaxBytesWithoutSessionPerAddress { get; set; } = 16 * 1024 * 1024;

    /// <summary>The maximum number of open calls of one connection.</summary>
    public int MaxStreamsPerConnection { get; set; } = 10_000;

    /// <summary>The maximum number of open streams of one session on this gateway.</summary>
    public int MaxStreamsPerSession { get; set; } = 10_000;

    /// <summary>The HTTP/2 flow-control window of a stream: the number of bytes that a client may send before the server reads them.</summary>
    public int StreamWindowBytes { get; set; } = 1024 * 1024;

    /// <summary>The HTTP/2 flow-control window of a connection. It is large, so that streams that are not read do not block the others.</summary>
    public int ConnectionWindowBytes { get; set; } = 1024 * 1024 * 1024;

    /// <summary>The time without received data after which the server sends a ping on a connection.</summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time in which a client must acknowledge a ping.</summary>
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The time limit for the TLS handshake, for the first bytes of a connection, and for the headers of a request.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum length of the headers of a request, in bytes.</summary>
    public int MaxRequestHeadersBytes { get; set; } = 64 * 1024;

    /// <summary>The maximum number of messages of a stream that wait in the gateway.</summary>
    public int StreamQueueMessages { get; set; } = 10_000;

    /// <summary>The maximum number of bytes of a stream that wait in the gateway. A single message is accepted at any length.</summary>
    public int StreamQueueBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The maximum length of a ticket, in bytes.</summary>
    public int MaxTicketBytes { get; set; } = 4096;

    /// <summary>The interval over which changes of fields are combined into one message.</summary>
    public TimeSpan FieldBatching { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Additional values of the client configuration. They override the default values.</summary>
    public IDictionary<string, string> ClientConfiguration { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
