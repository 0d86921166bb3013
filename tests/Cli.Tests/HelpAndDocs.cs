using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Spectre.Console;
using Wharf.Cli.Connection;

namespace Wharf.Cli.Tests;

/// <summary><c>docs/cli.md</c> says what the command says of itself. With <c>WHARF_RECORD=1</c> it is written anew.</summary>
public sealed class HelpAndDocs
{
    private const string Begin = "<!-- The text below is written by tests/Cli.Tests; run them with WHARF_RECORD=1 after a change. -->";

    /// <summary>The command in its project's output. The output of the tests does not contain all of its dependencies.</summary>
    public static string Executable =>
        Path.Combine(Root(), "src", "Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "wharf.dll");

    [Fact]
    public async Task The_reference_is_the_commands_own_help()
    {
        var path = Path.Combine(Root(), "docs", "cli.md");
        var before = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var begin = before.IndexOf(Begin, StringComparison.Ordinal);
        Assert.True(begin >= 0, $"docs/cli.md has no line '{Begin}'");
        var now = before[..begin] + Begin + "\n" + await ReferenceAsync();
        if (Environment.GetEnvironmentVariable("WHARF_RECORD") == "1")
            await File.WriteAllTextAsync(path, now, TestContext.Current.CancellationToken);
        else
            Assert.Equal(now, before);
    }

    [Fact]
    public async Task Every_command_and_option_says_what_it_does()
    {
        foreach (var (words, command) in All(TheCommand(), []))
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), string.Join(' ', words));
            Assert.All(command.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{string.Join(' ', words)} {option.Name}"));
            Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{string.Join(' ', words)} {argument.Name}"));
        }

        using var wharf = new WharfTool();
        var help = await wharf.RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("completion", help.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_wrong_command_lines_need_no_server_and_show_no_names()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var wharf = new WharfTool();
        wharf.Environment["WHARF_SERVER"] = WharfTool.Address(((IPEndPoint)server.LocalEndpoint).Port);
        Directory.CreateDirectory(wharf.Path("plugins/Installed"));
        wharf.Environment["WHARF_PLUGINS"] = wharf.Path("plugins");
        foreach (var (words, _) in All(TheCommand(), []))
        {
            foreach (var line in new string[][] { [.. words, "--help"], [.. words, "-h"], ["tabel", .. words] })
            {
                var run = await wharf.RunAsync(line);
                Assert.True(run.ExitCode == (line[^1] is "--help" or "-h" ? 0 : ExitCodes.Usage), $"{string.Join(' ', line)}: {run.ExitCode}");
                Assert.DoesNotContain("Installed", run.Out.Replace("Installed in", "", StringComparison.Ordinal), StringComparison.Ordinal);
                Assert.False(server.Pending(), string.Join(' ', line));
            }
        }

        // Control: a completion does connect to the listener.
        await wharf.RunAsync("[suggest:11]", "wharf call ");
        Assert.True(server.Pending());
    }

    [Fact]
    public void An_unexpected_error_is_one_line_without_a_stack_trace()
    {
        var (message, advice, code) = Failures.Explain(new InvalidOperationException("no sequence"), server: null);
        Assert.Equal(("InvalidOperationException: no sequence", ExitCodes.Failed), (message, code));
        Assert.Contains("WHARF_TRACE=1", advice, StringComparison.Ordinal);
        Assert.Equal("no room", Failures.Explain(new InvalidOperationException("wrapped", new IOException("no room")), server: null).Message);
    }

    [Fact]
    public async Task A_key_that_no_header_can_hold_is_named()
    {
        using var wharf = new WharfTool();
        wharf.Environment["WHARF_PSK"] = "schl\u00fcssel";
        var run = await wharf.RunAsync("objects");
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.StartsWith("wharf: the login of WHARF_PSK cannot be sent", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c wharf")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task A_shell_asks_the_command_what_may_follow(string shell, string part)
    {
        using var wharf = new WharfTool();
        var script = await wharf.RunAsync("completion", shell);
        Assert.Contains(part, script.Out, StringComparison.Ordinal);
        Assert.Contains("[suggest:", script.Out, StringComparison.Ordinal);
        Assert.Superset(new HashSet<string> { "plugin", "publish" }, (await wharf.RunAsync("[suggest:7]", "wharf p")).Out.ReplaceLineEndings("\n").Split('\n').ToHashSet());
        Assert.DoesNotContain("logout", (await wharf.RunAsync("[suggest:7]", "wharf p")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await wharf.RunAsync("completion", "csh")).ExitCode);
    }

    private static async Task<string> ReferenceAsync()
    {
        var text = new StringBuilder();
        using var wharf = new WharfTool();
        foreach (var (words, _) in All(TheCommand(), []))
        {
            var help = await wharf.RunAsync([.. words, "--help"]);
            var lines = help.Out.ReplaceLineEndings("\n").Split('\n').Select(static line => line.TrimEnd());
            text.Append($"\n## wharf {string.Join(' ', words)}".TrimEnd()).Append("\n\n```text\n").Append(string.Join('\n', lines).Trim()).Append("\n```\n");
        }

        return text.ToString();
    }

    private static IEnumerable<(string[] Words, Command Command)> All(Command command, string[] words) =>
        command.Subcommands.SelectMany(sub => All(sub, [.. words, sub.Name])).Prepend((words, command));

    private static Command TheCommand()
    {
        var nowhere = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
        var terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, nowhere, nowhere, isInputRedirected: true, static _ => null);
        return WharfCommand.Create(terminal, new ServerConnection(terminal));
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
                return folder.FullName;
        throw new InvalidOperationException("no Orleans.sln above the tests");
    }
}
