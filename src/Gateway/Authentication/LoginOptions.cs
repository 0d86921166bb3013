namespace Wharf.Gateway.Authentication;

/// <summary>The logins that the server offers. Section <c>Wharf:Auth</c>.</summary>
public sealed class LoginOptions
{
    /// <summary>The key that all clients share. A key of fewer than 16 characters is accepted from loopback addresses only.</summary>
    public string? Psk { get; set; }

    /// <summary>A file of users and their password hashes, whose lines <c>hash-password</c> writes.</summary>
    public string? UsersFile { get; set; }

    /// <summary>Whether clients may log in without a name and a key.</summary>
    public bool Anonymous { get; set; }

    /// <summary>
    /// Keys of session tokens in base64: the first signs, all verify. Without one the server uses a random key, which other nodes do not have.
    /// </summary>
    public IList<string> TokenKey { get; } = [];

    /// <summary>Addresses or networks of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are trusted.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>
    /// The number of failed logins per minute, client address and scheme. Beyond it the address is refused until the minute ends. 1 or more; default 100.
    /// </summary>
    public int FailedLoginsPerMinute { get; set; } = 100;

    /// <summary>The maximum number of concurrent password verifications; each is slow on purpose.</summary>
    public int PasswordChecksAtOnce { get; set; } = 2;

    /// <summary>Logins by the tokens of an issuer.</summary>
    public JwtOptions Jwt { get; } = new();
}
