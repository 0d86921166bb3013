using System.Reflection;
using Wharf.Silo.Commands;

namespace Wharf.Silo;

/// <summary>A command line that no command and no setting has a use for.</summary>
internal sealed class CommandLineException(string message) : Exception(message);

/// <summary>
/// The server's command line: nothing, settings, or a command. Everything else is refused. The configuration would pass over it, and a misspelt command would start a server.
/// </summary>
internal static class CommandLine
{
    /// <summary>The exit code of a command line that is wrong.</summary>
    public const int UsageExitCode = 2;

    private const int FewLetters = 2;

    private static readonly string[] HelpWords = ["--help", "-h", "-?", "/?", "help"];
    private static readonly string[] VersionWords = ["--version", "version"];
    private static readonly string[] Commands = [HealthCommand.Name, HashPasswordCommand.Name];

    /// <summary>What the command line is for.</summary>
    public static string Help { get; } = $"""
        The Wharf server.

        Usage:
          Wharf.Silo [settings]                 Start the server.
          Wharf.Silo {HealthCommand.Name} [settings]          Query the health of the server that runs here with the same settings.
          Wharf.Silo {HashPasswordCommand.Name} USER [FILE]  Read a password from standard input and write the user's line, to the file or to standard output.
          Wharf.Silo --help                     Show this help.
          Wharf.Silo --version                  Show the version.

        Settings:
          --Wharf:Port=10000                    A setting by its name. Environment variables have two underscores for the colon: Wharf__Port=10000.
                                                README.md lists the settings; settings.json in the folder of Wharf:Data holds them too.
        """;

    /// <summary>The version of the server.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Whether the first word, or the word after a command, wants help.</summary>
    public static bool IsHelp(string[] arguments) => arguments switch
    {
        [var first, ..] when HelpWords.Contains(first) => true,
        [var command, var second, ..] when Commands.Contains(command) => HelpWords.Contains(second),
        _ => false,
    };

    public static bool IsVersion(string[] arguments) => arguments is [var first, ..] && VersionWords.Contains(first);

    /// <summary>Checks that only settings are there, as the configuration reads them.</summary>
    /// <exception cref="CommandLineException">A word is no setting.</exception>
    public static void CheckSettings(IReadOnlyList<string> arguments)
    {
        for (var n = 0; n < arguments.Count; n++)
        {
            var word = arguments[n];
            if (word.IndexOf('=', StringComparison.Ordinal) > 0)
                continue;
            if (!word.StartsWith("--", StringComparison.Ordinal) && !word.StartsWith('/'))
                throw new CommandLineException(Unknown(word));
            // The value is the next word, and not the name of another setting.
            if (++n == arguments.Count || arguments[n].StartsWith("--", StringComparison.Ordinal))
                throw new CommandLineException($"'{word}' is no option, and as a setting it has no value: write {word}=VALUE. {Known}");
        }
    }

    private static string Known => $"The commands are {string.Join(", ", Commands)}; --help describes them.";

    private static string Unknown(string word)
    {
        var near = Commands.FirstOrDefault(command => Distance(word.ToLowerInvariant(), command) <= FewLetters);
        return $"'{word}' is no command and no setting{(near is null ? "." : $"; did you mean {near}?")} {Known}";
    }

    /// <summary>How many letters have to be inserted, removed or replaced.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
