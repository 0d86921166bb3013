namespace Wharf.Gateway.Authentication;

/// <summary>Roles, and the logins that have them. Section <c>Wharf:Auth</c>. Without configured roles every session may do everything.</summary>
public sealed class AccessOptions
{
    /// <summary>The roles by name.</summary>
    public IDictionary<string, RoleOptions> Roles { get; } = new Dictionary<string, RoleOptions>(StringComparer.Ordinal);

    /// <summary>The logins that have roles. The roles of all entries that match a login are added.</summary>
    public IList<LoginRolesOptions> Users { get; } = [];
}

/// <summary>
/// The rights of a role: for each action its targets. A target is <c>scope/{variable}</c>, <c>app/{application}/field/{field}</c>, <c>shared/*</c> or, for tables that a session makes for
/// itself, <c>export/*</c>; <c>*</c> stands for any text. See docs/security.md.
/// </summary>
public sealed class RoleOptions
{
    /// <summary>The named objects that the role lists, such as <c>scope/team-*</c>.</summary>
    public IList<string> List { get; } = [];

    /// <summary>The objects that the role opens streams to or fetches; tables need <c>Read</c>.</summary>
    public IList<string> Connect { get; } = [];

    /// <summary>The tables that the role reads or uses as a source.</summary>
    public IList<string> Read { get; } = [];

    /// <summary>The objects that the role creates; <c>export/*</c> is for new and uploaded tables of the session.</summary>
    public IList<string> Create { get; } = [];

    /// <summary>The names that the role gives to objects; <c>shared/*</c> is for shared tickets.</summary>
    public IList<string> Publish { get; } = [];

    /// <summary>The names that the role removes.</summary>
    public IList<string> Delete { get; } = [];

    /// <summary>The consoles in which the role runs scripts and commands. Scripts are not served yet.</summary>
    public IList<string> Run { get; } = [];
}

/// <summary>The roles of a login.</summary>
public sealed class LoginRolesOptions
{
    /// <summary>The scheme of the login: <c>Anonymous</c>, <c>Psk</c>, <c>Basic</c>, <c>Bearer</c>, <c>Certificate</c>, or that of a registered handler.</summary>
    public string? Scheme { get; set; }

    /// <summary>The name of the principal; <c>*</c> stands for any text. The schemes <c>Anonymous</c> and <c>Psk</c> need none.</summary>
    public string? Name { get; set; }

    /// <summary>The names of the roles.</summary>
    public IList<string> Roles { get; } = [];
}
