namespace Wharf.Protocol;

/// <summary>The authentication schemes of the <c>authorization</c> header and of the handshake.</summary>
public static class LoginSchemes
{
    /// <summary>A login without a name.</summary>
    public const string Anonymous = "Anonymous";

    /// <summary>A login by user name and password.</summary>
    public const string Basic = "Basic";

    /// <summary>A login by the key that all clients of a server share. All clients send this name.</summary>
    public const string PreSharedKey = "io.deephaven.authentication.psk.PskAuthenticationHandler";

    /// <summary>The token of a session, or a login by a token of an issuer (JWT).</summary>
    public const string Bearer = "Bearer";

    /// <summary>A login by a token of an issuer, under the name that clients of the reference server send.</summary>
    public const string OpenIdConnect = "io.deephaven.authentication.oidc.OidcAuthenticationHandler";

    /// <summary>
    /// A login by the certificate of the client's TLS connection, without a payload, under the name that clients of the reference server
    /// send.
    /// </summary>
    public const string Certificate = "io.deephaven.authentication.mtls.MTlsAuthenticationHandler";
}
