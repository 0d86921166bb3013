using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.ExampleService;

/// <summary>
/// Answers <c>{"method": ..., "data": ...}</c> with <c>{"result": ...}</c> or <c>{"error": ...}</c>. A failed call does not end the stream; a message
/// that is not JSON does.
/// </summary>
internal sealed partial class ExampleServiceHandler(ExampleServiceObject service, IMessageStream stream) : IMessageHandler
{
    public async ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        using JsonDocument call = Parse(message.Payload);
        JsonObject answer = [];
        IReadOnlyList<object?> references = [];
        try
        {
            (string result, references) = await CallAsync(call.RootElement, message.References, cancellationToken);
            answer["result"] = result;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(stream.Logger, failure);
            answer["error"] = failure.Message;
        }

        stream.Send(JsonSerializer.SerializeToUtf8Bytes(answer), references);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonDocument.Parse(payload);
        }
        catch (JsonException broken)
        {
            throw new PluginException(
                PluginStatus.InvalidArgument,
                """a message is a JSON object with method and data, such as {"method": "hello_string", "data": "hello"}; this one is not JSON""",
                broken);
        }
    }

    private async ValueTask<(string Result, IReadOnlyList<object?> References)> CallAsync(
        JsonElement call, IReadOnlyList<IServerObject> references, CancellationToken cancellationToken)
    {
        if (call.ValueKind != JsonValueKind.Object)
            throw new ArgumentException("a call is a JSON object with method and data");
        JsonElement method = Field(call, "method");
        string? name = method.ValueKind == JsonValueKind.String ? Text(method) : null;
        LogCalled(stream.Logger, name);
        switch (name)
        {
            case "hello_string":
                return (service.HelloString(Text(Field(call, "data"))), []);

            case "hello_table":
                if (references is not [ITable table, ..])
                    throw new ArgumentException("hello_table takes a table as its first reference");
                return ("", [await service.HelloTableAsync(table, Value(Field(call, "data")), cancellationToken)]);

            default:
                throw new NotSupportedException($"Unknown message type: {Text(method)}");
        }
    }

    private static JsonElement Field(JsonElement call, string name) =>
        call.TryGetProperty(name, out JsonElement value) ? value : throw new ArgumentException($"the call has no {name}");

    private static string Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return value.GetRawText();
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException broken)
        {
            throw new ArgumentException($"the text {value.GetRawText()} contains a lone surrogate", broken);
        }
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt32(out int small) => small,
        JsonValueKind.Number when value.TryGetInt64(out long whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        _ => Text(value),
    };

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Calling {Method}")]
    private static partial void LogCalled(ILogger logger, string? method);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The call failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
