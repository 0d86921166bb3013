namespace Wharf.Gateway.Authentication;

/// <summary>Who may log in, and how. Section <c>Wharf:Auth</c>.</summary>
public sealed class LoginOptions
{
    /// <summary>The key that all clients share, if there is one.</summary>
    public string? Psk { get; set; }

    /// <summary>A file of users and their password hashes, if there is one; see <see cref="UsersFile"/>.</summary>
    public string? UsersFile { get; set; }

    /// <summary>Whether anybody may log in without a name.</summary>
    public bool Anonymous { get; set; }

    /// <summary>Keys of session tokens in base64: the first signs, all verify. Without one a random key is used, which no other node knows.</summary>
    public IList<string> TokenKey { get; } = [];

    /// <summary>Proxies whose word on the client's address is believed: addresses or networks.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>The number of failed logins per minute, client address and scheme. Beyond it the address is refused until the minute ends. 1 or more; default 100.</summary>
    public int FailedLoginsPerMinute { get; set; } = 100;

    /// <summary>How many passwords are checked at the same time: each check is made to be slow.</summary>
    public int PasswordChecksAtOnce { get; set; } = 2;
}
