using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Wharf.Gateway.Authentication;

/// <summary>Returns the roles of a login: those of <c>Wharf:Auth:Users</c>, and those of its credentials.</summary>
internal sealed class LoginRoles(IOptions<AccessOptions> options)
{
    private readonly AccessOptions _access = options.Value;
    private readonly (string Scheme, string Name, IList<string> Roles)[] _users =
        [.. options.Value.Users.Select(static user => (SchemeNames.SchemeOf(user.Scheme ?? ""), user.Name ?? "*", user.Roles))];

    /// <summary>Whether roles are configured. If so, a login without a role is refused.</summary>
    public bool AreConfigured => _access.Roles.Count > 0;

    /// <summary>Returns the roles of a login, in the order of their names; empty without configured roles.</summary>
    public ImmutableArray<string> Of(string scheme, AuthenticatedPrincipal principal)
    {
        if (!AreConfigured)
            return [];
        var roles = new SortedSet<string>(principal.Roles.Where(_access.Roles.ContainsKey), StringComparer.Ordinal);
        foreach (var user in _users)
        {
            if (user.Scheme == scheme && TargetPattern.Matches(user.Name, principal.Identity))
                roles.UnionWith(user.Roles);
        }

        return [.. roles];
    }
}
