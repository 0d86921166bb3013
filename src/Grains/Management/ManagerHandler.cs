using System.Text.Json;
using System.Text.Json.Nodes;
using Wharf.Grains.Objects;
using Wharf.Plugins;
using Wharf.Protocol;

namespace Wharf.Grains.Management;

/// <summary>
/// The wire protocol of <see cref="Manager"/>. A failed call is answered with an error, and the stream stays open; a message that is not a call ends the
/// stream.
/// </summary>
internal sealed class ManagerHandler(Manager manager, IMessageStream stream) : IMessageHandler
{
    public async ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        using var document = Parse(message.Payload);
        JsonObject answer = [];
        IReadOnlyList<object?> references = [];
        try
        {
            (answer["result"], references) = await CallAsync(new ManagerCall(document.RootElement), message, cancellationToken);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            var fault = Faults.From(failed, stream.Logger);
            answer["error"] = fault.Message;
            answer["status"] = (int)fault.Code;
        }

        stream.Send(JsonSerializer.SerializeToUtf8Bytes(answer), references);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonDocument.Parse(payload);
        }
        catch (JsonException wrong)
        {
            throw new PluginException(
                PluginStatus.InvalidArgument, """a call is a JSON object with a method, such as {"method": "list_types"}; this one is not JSON""", wrong);
        }
    }

    private async Task<(JsonNode Result, IReadOnlyList<object?> References)> CallAsync(ManagerCall call, ReceivedMessage message, CancellationToken cancellationToken)
    {
        switch (call.Text("method"))
        {
            case "list_types":
                call.RequireOnly();
                return (new JsonArray([.. (await manager.ListTypesAsync(cancellationToken)).Select(static entry => Describe(entry.Type, entry.Nodes))]), []);

            case "create":
                call.RequireOnly("type", "name", "arguments");
                var name = call.Text("name");
                var type = call.Text("type");
                if (NameRules.FindProblem(type, "type name") is { } problem)
                    throw new FaultException(FaultCode.InvalidArgument, problem);
                var created = await manager.CreateAsync(message.Caller, name, type, call.Arguments("arguments"), cancellationToken);
                return (new JsonObject { ["name"] = name, ["type"] = created.Type, ["id"] = created.Id }, [created]);

            case "delete":
                call.RequireOnly("name");
                await manager.DeleteAsync(message.Caller, call.Text("name"), cancellationToken);
                return ("", []);

            case "holders":
                call.RequireOnly("name");
                var target = message.References is [var reference, ..] ? manager.DescribeAsync(message.Caller, reference, cancellationToken) : manager.DescribeAsync(message.Caller, call.Text("name"), cancellationToken);
                return (Describe(await target), []);

            case var other:
                throw new FaultException(FaultCode.Unimplemented, $"There is no method '{NameRules.Shown(other)}': list_types, create, delete and holders are");
        }
    }

    private static JsonObject Describe(Nodes.ObjectTypeDescription type, int nodes) => new()
    {
        ["name"] = type.Name,
        ["aliases"] = new JsonArray([.. type.Aliases.Select(static alias => (JsonNode)alias)]),
        ["plugin"] = type.Plugin,
        ["version"] = type.PluginVersion,
        ["kind"] = type.IsBidirectional ? "bidirectional" : "fetch-only",
        ["concurrent"] = type.IsConcurrent,
        ["can_create"] = type.CanCreate,
        ["nodes"] = nodes,
    };

    private static JsonObject Describe(ObjectDescription description) => new()
    {
        ["id"] = description.Reference.ObjectId,
        ["type"] = description.Reference.TypeName,
        ["streams"] = description.Streams,
        ["holders"] = new JsonArray([.. description.Holders.Select(static holder => (JsonNode)holder)]),
    };
}
