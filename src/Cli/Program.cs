using System.Globalization;
using Spectre.Console;
using Wharf.Cli;

// The output is the same on every machine, whatever culture the environment sets there.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

var terminal = new Terminal(
    Console.In, Console.Out, Console.Error,
    On(Console.Out, Console.IsOutputRedirected),
    On(Console.Error, Console.IsErrorRedirected),
    isInputRedirected: Console.IsInputRedirected,
    Environment.GetEnvironmentVariable);
return await WharfCommand.RunAsync(args, terminal);

static IAnsiConsole On(TextWriter writer, bool isRedirected)
{
    var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

    // A file or a pipe has no edge at which lines would have to be broken.
    if (isRedirected)
        console.Profile.Width = short.MaxValue;
    return console;
}
