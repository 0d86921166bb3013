using System.Text;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Users, their password hashes and their roles, one <c>user:hash</c> or <c>user:hash:role,role</c> to a line; empty lines and lines that begin with # are skipped.
/// </summary>
public sealed class UsersFile
{
    private readonly Dictionary<string, User> _users;
    private readonly PasswordHash _unknownUser;
    private readonly string _source;

    private UsersFile(Dictionary<string, User> users, string source)
    {
        _users = users;
        _source = source;
        _unknownUser = (users.Values.FirstOrDefault()?.Hash ?? PasswordHash.Of("")).WithRandomHash();
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its users.</returns>
    /// <exception cref="FormatException">A line is malformed; the message contains its number.</exception>
    public static UsersFile Read(string path) => Parse(File.ReadLines(path), path);

    /// <summary>Creates the line of a user. Slow on purpose.</summary>
    /// <param name="user">The user's name, without a colon.</param>
    /// <param name="password">The password.</param>
    /// <returns>A line for the file.</returns>
    public static string HashPassword(string user, string password)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        ArgumentException.ThrowIfNullOrEmpty(password);
        if (NameRules.FindProblem(user, "user name") is { } problem)
            throw new ArgumentException(problem, nameof(user));
        if (user.Contains(':', StringComparison.Ordinal) || user.StartsWith('#'))
            throw new ArgumentException("a user name has no colon and does not begin with #", nameof(user));
        return $"{user}:{PasswordHash.Of(password)}";
    }

    /// <summary>Verifies a password. It takes the same time for unknown users.</summary>
    internal bool Matches(string user, string password)
    {
        bool known = _users.TryGetValue(user, out var found);
        return (found?.Hash ?? _unknownUser).Matches(Encoding.UTF8.GetBytes(password)) & known;
    }

    /// <summary>Returns the roles of a user.</summary>
    internal IReadOnlyList<string> RolesOf(string user) => _users[user].Roles;

    /// <summary>Throws if a user has a role that does not exist.</summary>
    /// <exception cref="FormatException">A role does not exist; the message contains the number of the line.</exception>
    internal void RequireRoles(ICollection<string> known)
    {
        foreach (var user in _users.Values)
        {
            if (user.Roles.FirstOrDefault(role => !known.Contains(role)) is { } wrong)
                throw new FormatException($"Wharf:Auth:UsersFile: {_source}, line {user.Line}: '{wrong}' is not a role{AccessOptionsValidation.Nearest(wrong, known)}");
        }
    }

    internal static UsersFile Parse(IEnumerable<string> lines, string source)
    {
        var users = new Dictionary<string, User>(StringComparer.Ordinal);
        int number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
                continue;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw new FormatException($"{source}, line {number}: a user is a name, a colon and a password hash");
            if (NameRules.FindProblem(line[..colon], "user name") is { } problem)
                throw new FormatException($"{source}, line {number}: {problem}");
            var rest = line[(colon + 1)..].Split(':', 2, StringSplitOptions.TrimEntries);
            try
            {
                var roles = rest is [_, var names] ? names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
                if (!users.TryAdd(line[..colon], new User(PasswordHash.Parse(rest[0]), roles, number)))
                    throw new FormatException("the user is there twice");
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"{source}, line {number}: {wrong.Message}", wrong);
            }
        }
        return new UsersFile(users, source);
    }

    private sealed record User(PasswordHash Hash, string[] Roles, int Line);
}
