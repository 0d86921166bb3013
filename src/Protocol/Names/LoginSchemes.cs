namespace Wharf.Protocol;

/// <summary>The words with which a login begins, in the <c>authorization</c> header and in a handshake.</summary>
public static class LoginSchemes
{
    /// <summary>A login without a name.</summary>
    public const string Anonymous = "Anonymous";

    /// <summary>A login by user name and password.</summary>
    public const string Basic = "Basic";

    /// <summary>A login by the key that all clients of a server share. The word is the one that every client sends.</summary>
    public const string PreSharedKey = "io.deephaven.authentication.psk.PskAuthenticationHandler";

    /// <summary>Not a login: the token of a session.</summary>
    public const string Bearer = "Bearer";
}
