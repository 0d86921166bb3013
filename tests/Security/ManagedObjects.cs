using System.Text;
using System.Text.Json;
using Wharf.Client;

namespace Wharf.Security;

/// <summary>Calls of the object <c>objects</c>.</summary>
internal static class ManagedObjects
{
    /// <summary>Calls it once.</summary>
    /// <returns>The answer: a result, or an error with its status.</returns>
    public static async Task<JsonElement> CallAsync(Session session, string call)
    {
        var field = (await session.ListFieldsAsync(GuardedServer.Cancelled)).Single(static field => field.Name == "objects");
        await using var objects = await PluginClient.ConnectAsync(session, field.Ticket, GuardedServer.Cancelled);
        await objects.ReadAsync(GuardedServer.Cancelled);
        await objects.SendAsync(Encoding.UTF8.GetBytes(call), cancellationToken: GuardedServer.Cancelled);
        return JsonDocument.Parse((await objects.ReadAsync(GuardedServer.Cancelled))!.Payload).RootElement;
    }
}
