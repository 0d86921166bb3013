using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;
using Wharf.Client;

namespace Wharf.Cli.Sharing;

/// <summary><c>wharf publish</c>. A shared object ends with the session that shares it, so the command runs until it is interrupted.</summary>
internal static class PublishCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var target = new Argument<string>("object") { Description = ObjectName.Description, HelpName = "object" };
        var name = new Option<string?>("--as") { Description = "Create this name, which is visible to every session, instead of a ticket, and exit.", HelpName = "name" };
        connection.CompleteObjectNames(target);
        var command = new Command("publish", "Share an object under a random ticket until Ctrl+C, or, with --as, under a permanent name.") { target, name };
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
                Write(terminal, variable, source.Type, json);
                return ExitCodes.Success;
            }

            Write(terminal, ObjectName.Of(await session.PublishAsync(held, cancellationToken), source.Type), source.Type, json);
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
                throw new CommandException("the session has ended, so the object is no longer shared", ExitCodes.Unreachable);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(Terminal terminal, string ticket, string type, bool json)
    {
        if (json)
            terminal.WriteJsonLine(new JsonObject { ["ticket"] = ticket, ["type"] = type });
        else
            terminal.Out.WriteLine(ticket);
    }
}
