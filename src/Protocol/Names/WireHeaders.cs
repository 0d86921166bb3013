namespace Wharf.Protocol;

/// <summary>Names of headers and of their fixed values, in both directions.</summary>
public static class WireHeaders
{
    /// <summary>Credentials or a token in requests, the token to use from now on in responses.</summary>
    public const string Authorization = "authorization";

    /// <summary>The same header as messages name it: the reference server writes it so, and header names have no case.</summary>
    public const string AuthorizationInMessages = "Authorization";

    /// <summary>The scheme of a token, with the space that follows it.</summary>
    public const string BearerPrefix = "Bearer ";

    /// <summary>The token as older Flight clients send it: binary, without scheme.</summary>
    public const string AuthTokenBinary = "auth-token-bin";

    /// <summary>Set to <c>true</c> by a client that wants its token as a cookie.</summary>
    public const string AuthCookieRequest = "x-deephaven-auth-cookie-request";

    /// <summary>The cookie that carries the token.</summary>
    public const string AuthCookie = "deephaven-auth-cookie";

    /// <summary>The decimal export id of a stream that a browser opened in two halves.</summary>
    public const string StreamTicket = "x-deephaven-stream-ticket";

    /// <summary>The decimal position of a message in such a stream, from 0.</summary>
    public const string StreamSequence = "x-deephaven-stream-sequence";

    /// <summary>Present on the message after which such a stream has no more from the client.</summary>
    public const string StreamHalfClose = "x-deephaven-stream-halfclose";
}
