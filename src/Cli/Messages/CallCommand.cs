using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;
using Wharf.Cli.Tables;
using Wharf.Client;

namespace Wharf.Cli.Messages;

/// <summary><c>wharf call</c>: sends one message and writes the reply.</summary>
internal static class CallCommand
{
    private const string StandardInput = "-";
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var target = new Argument<string>("object") { Description = ObjectName.Description, HelpName = "object" };
        var text = new Argument<string>("payload-or-method")
        {
            Description = "The payload to send (- reads standard input); or, with arguments or --method, the name of a method.", Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = static _ => "",
        };
        var arguments = new Argument<string[]>("arguments") { Description = "name=text, name:=json, or name@=object to send an object or a table." };
        var method = new Option<bool>("--method", "-m") { Description = "Treat the payload as the name of a method, even without arguments." };
        var timeout = new Option<double>("--timeout") { Description = "The time to wait for the reply, in seconds.", HelpName = "seconds", DefaultValueFactory = static _ => DefaultTimeout.TotalSeconds };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 1e6))
                result.AddError("--timeout must be a number of seconds greater than 0");
        });
        connection.CompleteObjectNames(target);
        var command = new Command("call", "Send one message to an object and write its reply: the text, or for a method the result and any tables.")
        {
            target, text, arguments, method, timeout,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(result.GetValue(timeout)));
            try
            {
                await using var session = await connection.ConnectAsync(result, limit.Token);
                await using var client = await Conversation.OpenAsync(session, await ObjectName.FindAsync(session, result.GetValue(target)!, limit.Token), limit.Token);
                var words = result.GetValue(arguments) ?? [];
                if (words.Length > 0 || result.GetValue(method))
                    await CallAsync(terminal, session, client, CallArguments.Parse(result.GetValue(text)!, words), result.GetValue(connection.Json), limit.Token);
                else
                    await SendAsync(terminal, client, result.GetValue(text)!, result.GetValue(connection.Json), limit.Token);
                return ExitCodes.Success;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new CommandException($"no reply within {result.GetValue(timeout)} seconds", ExitCodes.Unreachable, "use a longer --timeout; wharf watch reads messages that an object sends on its own");
            }
        });
        return command;
    }

    private static async Task SendAsync(Terminal terminal, PluginClient client, string text, bool json, CancellationToken cancellationToken)
    {
        var payload = Encoding.UTF8.GetBytes(text == StandardInput ? await terminal.In.ReadToEndAsync(cancellationToken) : text);
        var answer = await Conversation.AskAsync(client, payload, [], cancellationToken);
        if (json)
            terminal.WriteJson(Conversation.Describe(answer));
        else
            terminal.Out.WriteLine(Conversation.Text(answer.Payload.Span));
    }

    private static async Task CallAsync(Terminal terminal, Session session, PluginClient client, CallArguments call, bool json, CancellationToken cancellationToken)
    {
        var references = new List<TypedTicket>();
        foreach (var name in call.References)
            references.Add(await ObjectName.FindAsync(session, name, cancellationToken));
        var reply = await Conversation.CallAsync(client, call.Body, references, cancellationToken);
        if (json)
        {
            var objects = new JsonArray();
            foreach (var reference in reply.References)
                objects.Add(await DescribeAsync(session, reference, cancellationToken));
            terminal.WriteJson(new JsonObject { ["result"] = reply.Result, ["references"] = objects });
            return;
        }

        if (reply.Result is { } result && result.GetValueKind() == JsonValueKind.String)
        {
            // With a reference, an empty text is the placeholder of the reference.
            if ((string)result! is var line && (line.Length > 0 || reply.References.Count == 0))
                terminal.Out.WriteLine(line);
        }
        else
        {
            terminal.WriteJson(reply.Result);
        }

        foreach (var reference in reply.References)
        {
            if (reference.Type == TablePreview.TypeName)
                TablePreview.Write(terminal, await TablePreview.ReadAsync(session, reference.Ticket, TablePreview.DefaultRows, cancellationToken));
            else
                terminal.Out.WriteLine($"object of type {(reference.Type.Length == 0 ? "(none)" : reference.Type)}");
        }
    }

    private static async Task<JsonNode> DescribeAsync(Session session, TypedTicket reference, CancellationToken cancellationToken) => reference.Type == TablePreview.TypeName
        ? TablePreview.Describe(await TablePreview.ReadAsync(session, reference.Ticket, TablePreview.DefaultRows, cancellationToken))
        : new JsonObject { ["type"] = reference.Type };
}
