using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Wharf.Client;

namespace Wharf.Cli.Messages;

/// <summary>The reply of an object to a method call.</summary>
/// <param name="Result">The result.</param>
/// <param name="References">The objects that were sent with it.</param>
internal sealed record Reply(JsonNode? Result, IReadOnlyList<TypedTicket> References);

/// <summary>The message exchange of the commands: the object sends a first message, then replies to each message.</summary>
internal static class Conversation
{
    /// <summary>Connects and reads the first message of the object.</summary>
    public static async Task<PluginClient> OpenAsync(Session session, TypedTicket target, CancellationToken cancellationToken)
    {
        var client = await PluginClient.ConnectAsync(session, target, cancellationToken);
        try
        {
            if (await client.ReadAsync(cancellationToken) is null)
                throw new CommandException("the object closed the stream without a message");
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a message and waits for the next one.</summary>
    public static async Task<ServerMessage> AskAsync(PluginClient client, ReadOnlyMemory<byte> payload, IReadOnlyList<TypedTicket> references, CancellationToken cancellationToken)
    {
        await client.SendAsync(payload, references, cancellationToken);
        return await client.ReadAsync(cancellationToken) ?? throw new CommandException("the object closed the stream without a reply");
    }

    /// <summary>Calls a method by the JSON convention of Deephaven's plugin guide.</summary>
    /// <exception cref="CommandException">The object returned an error.</exception>
    public static async Task<Reply> CallAsync(PluginClient client, JsonObject call, IReadOnlyList<TypedTicket> references, CancellationToken cancellationToken)
    {
        var message = await AskAsync(client, JsonSerializer.SerializeToUtf8Bytes(call), references, cancellationToken);
        JsonNode? answer;
        try
        {
            answer = JsonNode.Parse(message.Payload.Span);
        }
        catch (JsonException)
        {
            throw new CommandException($"the object does not support method calls; it replied: {Text(message.Payload.Span)}");
        }

        if (answer is not JsonObject body)
            throw new CommandException($"the object does not support method calls; it replied: {answer?.ToJsonString()}");
        if (body["error"] is { } error)
            throw new CommandException(error.GetValueKind() == JsonValueKind.String ? (string)error! : error.ToJsonString(), Failures.CodeOf(body["status"] is JsonValue status && status.TryGetValue(out int number) ? (StatusCode)number : StatusCode.Unknown));
        return new Reply(body["result"]?.DeepClone(), message.References);
    }

    /// <summary>Returns bytes as text if they are UTF-8 text, otherwise as base64.</summary>
    public static string Text(ReadOnlySpan<byte> payload) => IsText(payload) ? Encoding.UTF8.GetString(payload) : Convert.ToBase64String(payload);

    /// <summary>Returns a message as JSON.</summary>
    public static JsonObject Describe(ServerMessage message)
    {
        var payload = message.Payload.Span;
        var json = IsText(payload) ? new JsonObject { ["payload"] = Encoding.UTF8.GetString(payload) } : new JsonObject { ["base64"] = Convert.ToBase64String(payload) };
        json["references"] = new JsonArray([.. message.References.Select(static reference => (JsonNode)new JsonObject { ["type"] = reference.Type, ["ticket"] = reference.Ticket.Canonical })]);
        return json;
    }

    private static bool IsText(ReadOnlySpan<byte> payload) =>
        System.Text.Unicode.Utf8.IsValid(payload) && !payload.ContainsAnyInRange((byte)0, (byte)8) && !payload.ContainsAnyInRange((byte)14, (byte)31);
}
