namespace Wharf.Protocol;

/// <summary>The names of headers and their fixed values, of requests and responses.</summary>
public static class WireHeaders
{
    /// <summary>Credentials or a token in requests; the next token in responses.</summary>
    public const string Authorization = "authorization";

    /// <summary>
    /// The same header as it appears in message texts: the reference server writes it this way. Header names are case-insensitive.
    /// </summary>
    public const string AuthorizationInMessages = "Authorization";

    /// <summary>The scheme of a token, with the space that follows it.</summary>
    public const string BearerPrefix = "Bearer ";

    /// <summary>The token as older Flight clients send it: binary, without a scheme.</summary>
    public const string AuthTokenBinary = "auth-token-bin";

    /// <summary>Set to <c>true</c> by a client that requests its token as a cookie.</summary>
    public const string AuthCookieRequest = "x-deephaven-auth-cookie-request";

    /// <summary>The cookie that carries the token.</summary>
    public const string AuthCookie = "deephaven-auth-cookie";

    /// <summary>The decimal export id of a stream that a browser opens as one server-streaming call and several unary calls.</summary>
    public const string StreamTicket = "x-deephaven-stream-ticket";

    /// <summary>The decimal position of a message in such a stream, from 0.</summary>
    public const string StreamSequence = "x-deephaven-stream-sequence";

    /// <summary>Present on the last message that the client sends on such a stream.</summary>
    public const string StreamHalfClose = "x-deephaven-stream-halfclose";
}
