using System.Reflection;
using Wharf.Gateway.Hosting;
using Wharf.Server.Settings;
using Wharf.Silo.Commands;

namespace Wharf.Silo;

/// <summary>Thrown for a word of the command line that is neither a command nor a setting.</summary>
internal sealed class CommandLineException(string message) : Exception(message);

/// <summary>
/// The command line of the server: empty, settings, or a command. Other words are rejected, because the configuration ignores them, so that a misspelt command
/// would start a server.
/// </summary>
internal static class CommandLine
{
    /// <summary>The exit code of an invalid command line.</summary>
    public const int UsageExitCode = 2;

    private const int FewLetters = 2;

    private static readonly string[] HelpWords = ["--help", "-h", "-?", "/?", "help"];
    private static readonly string[] VersionWords = ["--version", "version"];
    private static readonly string[] Commands = [HealthCommand.Name, HashPasswordCommand.Name];

    /// <summary>The help text.</summary>
    public static string Help { get; } = $"""
        The Wharf server.

        Usage:
          Wharf.Silo [settings]                 Start the server.
          Wharf.Silo {HealthCommand.Name} [settings]          Query the health of the local server with the same settings.
          Wharf.Silo {HashPasswordCommand.Name} USER [FILE]  Read a password from standard input and write the line of the user to the file or to standard output.
          Wharf.Silo --help                     Show this help.
          Wharf.Silo --version                  Show the version.

        Settings:
          --Wharf:Port=10000                    A setting by name. In environment variables, use two underscores instead of the colon: Wharf__Port=10000.
                                                docs/settings.md lists the settings. They can also be set in settings.json in the folder of Wharf:Data.
        """;

    /// <summary>The version of the server.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Whether the first word, or the word after a command, requests help.</summary>
    public static bool IsHelp(string[] arguments) => arguments switch
    {
        [var first, ..] when HelpWords.Contains(first) => true,
        [var command, var second, ..] when Commands.Contains(command) => HelpWords.Contains(second),
        _ => false,
    };

    public static bool IsVersion(string[] arguments) => arguments is [var first, ..] && VersionWords.Contains(first);

    /// <summary>Checks that all words are settings in the syntax of the configuration.</summary>
    /// <exception cref="CommandLineException">A word is not a setting.</exception>
    public static void CheckSettings(IReadOnlyList<string> arguments)
    {
        for (var n = 0; n < arguments.Count; n++)
        {
            var word = arguments[n];
            if (word.IndexOf('=', StringComparison.Ordinal) > 0)
                continue;
            if (!word.StartsWith("--", StringComparison.Ordinal) && !word.StartsWith('/'))
                throw new CommandLineException(Unknown(word));
            // The next word is the value, unless it is the name of another setting.
            if (++n == arguments.Count || arguments[n].StartsWith("--", StringComparison.Ordinal))
                throw new CommandLineException($"'{word}' is not an option, and as a setting it has no value: use {word}=VALUE. {Known}");
        }
    }

    private static string Known => $"The commands are {string.Join(", ", Commands)}; --help describes them.";

    private static string Unknown(string word)
    {
        var near = Commands.FirstOrDefault(command => EditDistance.Between(word, command) <= FewLetters);
        return $"'{word}' is neither a command nor a setting{(near is null ? "." : $"; did you mean {near}?")} {Known}";
    }
}
