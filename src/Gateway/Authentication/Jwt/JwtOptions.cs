namespace Wharf.Gateway.Authentication;

/// <summary>Logins by tokens (JWT) that an OpenID Connect provider or another issuer signs. Section <c>Wharf:Auth:Jwt</c>.</summary>
public sealed class JwtOptions
{
    /// <summary>
    /// The address of the issuer, with <c>https</c>. Its document <c>/.well-known/openid-configuration</c> names the issuer and its keys. <c>http</c> is accepted for a loopback address.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>A file with the issuer's keys (JWKS), in place of <c>Authority</c>.</summary>
    public string? KeysPath { get; set; }

    /// <summary>The issuer that tokens must name. By default the one of the issuer's document; required with <c>KeysPath</c>.</summary>
    public string? Issuer { get; set; }

    /// <summary>The audiences of this server. A token must name at least one of them.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>The claim with the name of the principal.</summary>
    public string NameClaim { get; set; } = "sub";

    /// <summary>
    /// The claim with the names of roles: a list, or a text with blanks between them. A path with dots, such as <c>realm_access.roles</c>, leads into an object.
    /// </summary>
    public string RolesClaim { get; set; } = "roles";

    /// <summary>The difference between the clocks of the issuer and of this server that is tolerated; at most five minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time by which a session may outlive the token of its login, beside <c>ClockSkew</c>.</summary>
    public TimeSpan SessionExtension { get; set; }

    /// <summary>The age at which the issuer's keys are read again. A token that names an unknown key causes a read immediately, at most every 30 seconds.</summary>
    public TimeSpan KeyRefresh { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The age at which keys expire if they could not be read again.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The time limit of reading the issuer's document and keys.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether such logins are configured.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(Authority) || !string.IsNullOrEmpty(KeysPath);
}
