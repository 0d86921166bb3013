using Spectre.Console;

namespace Wharf.Cli.Tests;

/// <summary>What a run of the command wrote and how it ended.</summary>
internal sealed record Run(int ExitCode, string Out, string Error);

/// <summary>The command as its users call it, with a configuration folder of its own.</summary>
internal sealed class WharfTool : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wharf-cli-");

    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>How many characters fit into a line of the terminal.</summary>
    public int Width { get; set; } = 200;

    /// <summary>Whether standard output is a screen instead of a file.</summary>
    public bool IsScreen { get; set; }

    public string Folder => _folder.FullName;

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public static string Address(int port) => $"http://127.0.0.1:{port}";

    public Task<Run> RunAsync(params string[] arguments) => RunWithInputAsync(null, arguments);

    public async Task<Run> RunWithInputAsync(string? input, params string[] arguments)
    {
        using var output = new StringWriter();
        var (code, error) = await RunAsync(output, input, TestContext.Current.CancellationToken, arguments);
        return new Run(code, output.ToString(), error);
    }

    public async Task<(int ExitCode, string Error)> RunAsync(TextWriter output, string? input, CancellationToken cancellationToken, params string[] arguments)
    {
        using var error = new StringWriter();
        var terminal = new Terminal(
            new StringReader(input ?? ""), output, error, Plain(output), Plain(error), isInputRedirected: true,
            name => Environment.GetValueOrDefault(name) ?? OwnFolder(name), isOutputRedirected: !IsScreen);
        var code = await WharfCommand.RunAsync(arguments, terminal, cancellationToken);
        return (code, error.ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Isolates the tests from the logins and plugins of the developer.
    private string? OwnFolder(string variable) => variable switch
    {
        "WHARF_CONFIG" => Path("config"),
        "WHARF_PLUGINS" => Path("user-plugins"),
        _ => null,
    };

    private IAnsiConsole Plain(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = Width;
        return console;
    }
}
