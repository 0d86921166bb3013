using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;
using Wharf.Client;

namespace Wharf.Cli.Sharing;

/// <summary><c>wharf publish</c>. What is shared lives with the session that shares it, so the command stays.</summary>
internal static class PublishCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var target = new Argument<string>("object") { Description = ObjectName.Description, HelpName = "object" };
        var name = new Option<string?>("--as") { Description = "Give the object this name, which every session can list, instead of a ticket, and end.", HelpName = "name" };
        connection.Completes(target);
        var command = new Command("publish", "Share an object under a ticket that nobody can guess, until Ctrl+C; or, with --as, under a name that lasts.") { target, name };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = result.GetValue(name) is null
                ? await connection.ConnectAsync(result, cancellationToken)
                : await connection.ConnectToNameAsync(result, cancellationToken);
            var source = await ObjectName.FindAsync(session, result.GetValue(target)!, cancellationToken);
            var held = await session.ExportFromTicketAsync(source.Ticket, cancellationToken);
            var json = result.GetValue(connection.Json);
            if (result.GetValue(name) is { } variable)
            {
                await session.PublishAsync(held, ObjectName.Variable(variable), cancellationToken);
                Tell(terminal, variable, source.Type, json);
                return ExitCodes.Success;
            }

            Tell(terminal, ObjectName.Of(await session.PublishAsync(held, cancellationToken), source.Type), source.Type, json);
            await terminal.Out.FlushAsync(cancellationToken);
            terminal.Note("Shared until you press Ctrl+C.");
            try
            {
                using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Ended);
                await Task.Delay(Timeout.InfiniteTimeSpan, end.Token);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Success;
            }
            catch (OperationCanceledException)
            {
                throw new CommandException("the session has ended, and with it what it shared", ExitCodes.Unreachable);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static void Tell(Terminal terminal, string ticket, string type, bool json)
    {
        if (json)
            terminal.WriteJsonLine(new JsonObject { ["ticket"] = ticket, ["type"] = type });
        else
            terminal.Out.WriteLine(ticket);
    }
}
