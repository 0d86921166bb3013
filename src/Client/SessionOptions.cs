namespace Wharf.Client;

/// <summary>Settings of a session; the defaults fit a server with defaults.</summary>
public sealed class SessionOptions
{
    /// <summary>The largest message of the protocol, 100 MiB, and room for what the transport puts around it.</summary>
    public const int DefaultMaxReceiveMessageBytes = 104_857_600 + 1_048_576;

    /// <summary>The clock by which the session is kept alive.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The largest message that is received.</summary>
    public int MaxReceiveMessageBytes { get; init; } = DefaultMaxReceiveMessageBytes;

    /// <summary>The transport, if it is not to be a socket of the session's own. Whoever made it disposes of it.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }
}
