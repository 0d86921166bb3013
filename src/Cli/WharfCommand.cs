using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Completion;
using Wharf.Cli.Connection;
using Wharf.Cli.Login;
using Wharf.Cli.Messages;
using Wharf.Cli.Objects;
using Wharf.Cli.Output;
using Wharf.Cli.Plugins;
using Wharf.Cli.Sharing;
using Wharf.Cli.Tables;

namespace Wharf.Cli;

/// <summary>The root command with its subcommands.</summary>
internal static class WharfCommand
{
    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var connection = new ServerConnection(terminal);
        var result = Create(terminal, connection).Parse(arguments);
        var configuration = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
        try
        {
            var code = await result.InvokeAsync(configuration, cancellationToken);
            // An interrupted command may have written results.
            await terminal.Out.FlushAsync(CancellationToken.None);
            return result.Errors.Count > 0 ? ExitCodes.Usage : code;
        }
        catch (ClosedOutputException)
        {
            // The reader has closed the output.
            return ExitCodes.Success;
        }
        catch (Exception failure) when (terminal.Variable(Failures.TraceVariable) is null)
        {
            var (message, advice, code) = Failures.Explain(failure, connection.TryGetAddress(result));
            if (result.GetValue(connection.Json))
                terminal.Error.WriteLine(new JsonObject { ["error"] = message, ["advice"] = advice, ["exit_code"] = code }.ToJsonString());
            else
                terminal.Error.WriteLine($"wharf: {message}{(advice is null ? "" : $"\n  {advice}")}");
            return code;
        }
    }

    /// <summary>Creates the root command, from which the help in docs/cli.md is generated.</summary>
    public static RootCommand Create(Terminal terminal, ServerConnection connection)
    {
        var root = new RootCommand("Objects, tables and plugins of a Wharf server, from the command line.")
        {
            connection.Server,
            connection.Json,
        };
        // Independent of the name of the process, such as dotnet or a test.
        root.HelpName = "wharf";
        Command[] commands =
        [
            LoginCommand.Create(terminal, connection), LogoutCommand.Create(terminal, connection),
            ObjectsCommand.Create(terminal, connection), TypesCommand.Create(terminal, connection),
            CreateCommand.Create(terminal, connection), DeleteCommand.Create(terminal, connection), HoldersCommand.Create(terminal, connection),
            CallCommand.Create(terminal, connection), WatchCommand.Create(terminal, connection),
            PublishCommand.Create(terminal, connection), FetchCommand.Create(terminal, connection),
            TableCommand.Create(terminal, connection),
            PluginCommand.Create(terminal, connection),
            CompletionCommand.Create(terminal),
        ];
        foreach (var command in commands)
            root.Subcommands.Add(command);
        NameArguments(root);
        return root;
    }

    /// <summary>Sets the help name of each argument. Without it, the help lists the completions, which are queried from the server.</summary>
    private static void NameArguments(Command command)
    {
        foreach (var argument in command.Arguments)
            argument.HelpName ??= argument.Name;
        foreach (var sub in command.Subcommands)
            NameArguments(sub);
    }
}
