namespace Wharf.Gateway.Hosting;

/// <summary>Where the gateway listens and what it bounds. Section <c>Wharf:Gateway</c>, but for the port and TLS, which stand in <c>Wharf</c> itself.</summary>
public sealed class GatewayOptions
{
    /// <summary>The longest message that is taken, in bytes.</summary>
    public int MaxMessageBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>The longest request of a call that sends one message, in bytes; the messages of streams and uploads have <c>MaxMessageBytes</c>.</summary>
    public int MaxRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The longest message of a caller without a session, in bytes.</summary>
    public int MaxRequestBytesWithoutSession { get; set; } = 64 * 1024;

    /// <summary>How long the request of a call that sends one message may take to arrive.</summary>
    public TimeSpan RequestBodyTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The rate at which such a request arrives at least, in bytes per second, once <c>HandshakeTimeout</c> has passed.</summary>
    public int MinRequestBytesPerSecond { get; set; } = 1024;

    /// <summary>How many connections the port has open.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How many of them one address may have open; a proxy of <c>Wharf:Auth:TrustedProxies</c> may have any number.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 1_000;

    /// <summary>How many streams callers without a session may have open from one address: handshakes before the login, health watches, reflection.</summary>
    public int MaxStreamsWithoutSessionPerAddress { get; set; } = 100;

    /// <summary>How long a stream without a session stays open.</summary>
    public TimeSpan StreamTimeWithoutSession { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many bytes the calls without a session may take together: 16 KiB for each call, and its request.</summary>
    public long MaxBytesWithoutSession { get; set; } = 256 * 1024 * 1024;

    /// <summary>How many of these bytes the calls of one address may take.</summary>
    public long MaxBytesWithoutSessionPerAddress { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many calls one connection may have open.</summary>
    public int MaxStreamsPerConnection { get; set; } = 10_000;

    /// <summary>How many streams one session may have open on this gateway.</summary>
    public int MaxStreamsPerSession { get; set; } = 10_000;

    /// <summary>How many bytes a client may send on one stream before the server reads them.</summary>
    public int StreamWindowBytes { get; set; } = 1024 * 1024;

    /// <summary>How many bytes a client may send on one connection before the server reads them: large, so that streams which are not read do not stop the others.</summary>
    public int ConnectionWindowBytes { get; set; } = 1024 * 1024 * 1024;

    /// <summary>The silence after which the server sends a ping on a connection.</summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the server waits for the answer to a ping.</summary>
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a client may take for the TLS handshake, for its first bytes, and for the headers of a request.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest headers of a request, in bytes.</summary>
    public int MaxRequestHeadersBytes { get; set; } = 64 * 1024;

    /// <summary>How many messages of a stream wait in the gateway.</summary>
    public int StreamQueueMessages { get; set; } = 10_000;

    /// <summary>How many bytes of a stream wait in the gateway; one message of any length always fits.</summary>
    public int StreamQueueBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The longest ticket that is read, in bytes.</summary>
    public int MaxTicketBytes { get; set; } = 4096;

    /// <summary>The time in which changes of fields are gathered into one message.</summary>
    public TimeSpan FieldBatching { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Further values of the client configuration, over the ones that every server has.</summary>
    public IDictionary<string, string> ClientConfiguration { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
