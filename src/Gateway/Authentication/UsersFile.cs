using System.Text;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Users and their password hashes, one <c>user:hash</c> to a line; empty lines and lines that begin with # are skipped.</summary>
public sealed class UsersFile
{
    private readonly Dictionary<string, PasswordHash> _users;
    private readonly PasswordHash _nobody;

    private UsersFile(Dictionary<string, PasswordHash> users)
    {
        _users = users;
        _nobody = (users.Values.FirstOrDefault() ?? PasswordHash.Of("")).OfNobody();
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its users.</returns>
    /// <exception cref="FormatException">A line is no user; the message says which.</exception>
    public static UsersFile Read(string path) => Parse(File.ReadLines(path), path);

    /// <summary>Makes the line of a user. Takes a moment, on purpose.</summary>
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

    /// <summary>Checks a password: as slowly for a user that does not exist as for one that does.</summary>
    internal bool Matches(string user, string password)
    {
        bool known = _users.TryGetValue(user, out var hash);
        return (hash ?? _nobody).Matches(Encoding.UTF8.GetBytes(password)) & known;
    }

    internal static UsersFile Parse(IEnumerable<string> lines, string source)
    {
        var users = new Dictionary<string, PasswordHash>(StringComparer.Ordinal);
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
            try
            {
                if (!users.TryAdd(line[..colon], PasswordHash.Parse(line[(colon + 1)..].Trim())))
                    throw new FormatException("the user is there twice");
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"{source}, line {number}: {wrong.Message}", wrong);
            }
        }
        return new UsersFile(users);
    }
}
