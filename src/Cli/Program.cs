using System.Globalization;
using System.Text;
using Spectre.Console;
using Wharf.Cli;
using Wharf.Cli.Output;

// A Windows console has its own encoding, which Console.Out applies.
var isOwnOutput = !OperatingSystem.IsWindows() || Console.IsOutputRedirected;
if (isOwnOutput)
    Console.SetOut(new StreamWriter(StandardOutput.Open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });

// The culture of the environment does not change the output.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

var terminal = new Terminal(
    Console.In, Console.Out, Console.Error,
    On(Console.Out, Console.IsOutputRedirected),
    On(Console.Error, Console.IsErrorRedirected),
    isInputRedirected: Console.IsInputRedirected,
    Environment.GetEnvironmentVariable,
    isOwnOutput ? StandardOutput.Open : null,
    Console.IsOutputRedirected);
return await WharfCommand.RunAsync(args, terminal);

static IAnsiConsole On(TextWriter writer, bool isRedirected)
{
    var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

    // Lines of a file or a pipe are not wrapped.
    if (isRedirected)
        console.Profile.Width = short.MaxValue;
    return console;
}
