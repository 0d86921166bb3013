using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Hosting;

namespace Wharf.Gateway.Authentication;

/// <summary>Rejects roles that have no effect: names that do not exist, targets that cannot match, and values in place of lists.</summary>
/// <param name="auth">The section <c>Wharf:Auth</c>. Unknown names are not in the bound options, only in the section.</param>
/// <param name="registered">Handlers registered as services. Their schemes may have roles, too.</param>
internal sealed class AccessOptionsValidation(IConfiguration auth, IEnumerable<IAuthenticationHandler> registered) : IValidateOptions<AccessOptions>
{
    private const string Section = "Wharf:Auth";

    private static readonly string[] Actions = [.. typeof(RoleOptions).GetProperties().Select(static property => property.Name)];
    private static readonly string[] Kinds = ["scope/", "app/", "shared/", "export/"];

    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var wrong = WrongNames().Concat(options.Roles.SelectMany(static role => WrongTargets(role.Key, role.Value)))
            .Concat(options.Users.SelectMany((user, index) => WrongUser($"{Section}:Users:{index}", user, options))).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>Returns whether a text can be the name of a role. Tokens and users files separate names by blanks and commas, which are not allowed.</summary>
    public static bool IsRoleName(string name) =>
        name.Length is > 0 and <= 64 && name.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    /// <summary>Suggests the known value that is nearest to a misspelt one.</summary>
    public static string Nearest(string wrong, IEnumerable<string> known) =>
        known.MinBy(one => EditDistance.Between(wrong, one)) is { } nearest ? $"; the nearest is '{nearest}'" : "";

    private IEnumerable<string> WrongNames()
    {
        foreach (var role in auth.GetSection("Roles").GetChildren())
        {
            var path = $"{Section}:Roles:{role.Key}";
            if (!IsRoleName(role.Key))
                yield return $"{path} is not the name of a role, which has up to 64 letters, digits, '-', '_' and '.'";
            if (!string.IsNullOrEmpty(role.Value))
                yield return $"{path} is a value, but must have lists of targets by action";
            foreach (var action in role.GetChildren())
            {
                if (!Actions.Contains(action.Key, StringComparer.OrdinalIgnoreCase))
                    yield return $"{path}:{action.Key} is not an action{Nearest(action.Key, Actions)}";
                else if (!string.IsNullOrEmpty(action.Value))
                    yield return $"{path}:{action.Key} is a value, but must be a list; the first target is {path}:{action.Key}:0";
            }
        }
    }

    private static IEnumerable<string> WrongTargets(string role, RoleOptions options)
    {
        foreach (var action in typeof(RoleOptions).GetProperties())
        {
            var targets = (IList<string>)action.GetValue(options)!;
            for (int index = 0; index < targets.Count; index++)
            {
                if (ProblemOfTarget(targets[index]) is { } problem)
                    yield return $"{Section}:Roles:{role}:{action.Name}:{index} {problem}";
            }
        }
    }

    private static string? ProblemOfTarget(string target)
    {
        if (target == "*")
            return null;
        var kind = Kinds.FirstOrDefault(kind => target.StartsWith(kind, StringComparison.Ordinal));
        return kind is null ? $"is '{target}', but must be * or begin with {string.Join(", ", Kinds)}; a variable is 'scope/{target}'"
            : target.Length == kind.Length ? $"is '{target}', but must have a name or * after the slash"
            // A shared ticket is a secret and must not be in a configuration or an error; an export number is valid in one session only.
            : kind is "shared/" or "export/" && target != kind + "*" ? $"begins with {kind}, but must be {kind}*"
            : null;
    }

    private IEnumerable<string> WrongUser(string path, LoginRolesOptions user, AccessOptions options)
    {
        var schemes = SchemeNames.Short.Concat(registered.Select(static handler => handler.Name)).ToList();
        if (string.IsNullOrEmpty(user.Scheme))
            yield return $"{path}:Scheme is missing: one of {string.Join(", ", schemes)}";
        else if (!schemes.Select(SchemeNames.SchemeOf).Contains(SchemeNames.SchemeOf(user.Scheme), StringComparer.Ordinal))
            yield return $"{path}:Scheme is '{user.Scheme}', which is not a scheme{Nearest(user.Scheme, schemes)}";
        else if (string.IsNullOrEmpty(user.Name) && !SchemeNames.HasOneName(SchemeNames.SchemeOf(user.Scheme)))
            yield return $"{path}:Name is missing; * is every name";
        if (user.Roles.Count == 0)
            yield return $"{path}:Roles is empty";
        for (int index = 0; index < user.Roles.Count; index++)
        {
            if (!options.Roles.ContainsKey(user.Roles[index]))
                yield return $"{path}:Roles:{index} is '{user.Roles[index]}', which is not a role{Nearest(user.Roles[index], options.Roles.Keys)}";
        }
    }
}
