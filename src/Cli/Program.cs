using Spectre.Console;
using Wharf.Cli;

var terminal = new Terminal(
    Console.In, Console.Out, Console.Error,
    AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }),
    AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
    isInputRedirected: Console.IsInputRedirected,
    Environment.GetEnvironmentVariable);
return await WharfCommand.RunAsync(args, terminal);
