using System.CommandLine;
using Wharf.Cli.Connection;
using Wharf.Client;

namespace Wharf.Cli.Messages;

/// <summary><c>wharf watch</c>: writes the messages of an object until the stream or the command ends.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var target = new Argument<string>("object") { Description = ObjectName.Description, HelpName = "object" };
        var count = new Option<int?>("--count", "-n") { Description = "Stop after this number of messages. Default: stop at Ctrl+C.", HelpName = "messages" };
        connection.CompleteObjectNames(target);
        var command = new Command("watch", "Connect to an object and write each message that it sends, one per line.") { target, count };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            await using var client = await PluginClient.ConnectAsync(session, await ObjectName.FindAsync(session, result.GetValue(target)!, cancellationToken), cancellationToken);
            var left = result.GetValue(count) ?? int.MaxValue;
            while (left-- > 0 && await client.ReadAsync(cancellationToken) is { } message)
            {
                if (result.GetValue(connection.Json))
                    terminal.WriteJsonLine(Conversation.Describe(message));
                else
                    terminal.Out.WriteLine(Conversation.Text(message.Payload.Span) + (message.References.Count == 0 ? "" : $"  [{string.Join(", ", message.References.Select(static reference => reference.Type))}]"));
                await terminal.Out.FlushAsync(cancellationToken);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
