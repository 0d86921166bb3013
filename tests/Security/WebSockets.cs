using System.Net;
using System.Net.WebSockets;
using Wharf.Security.Fuzzing;

namespace Wharf.Security;

/// <summary>The port does not serve websockets. A request for one is refused, and costs the connection and the server nothing.</summary>
public sealed class WebSockets
{
    [Fact]
    public async Task A_websocket_is_refused_for_every_call()
    {
        await using var server = await FuzzServer.StartAsync(GuardedServer.Cancelled);
        var address = new UriBuilder(server.Address) { Scheme = "ws" };
        foreach (var method in ServedCalls.All)
        {
            using var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("grpc-websockets");
            socket.Options.CollectHttpResponseDetails = true;
            address.Path = ServedCalls.PathOf(method);

            await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address.Uri, GuardedServer.Cancelled));

            Assert.InRange(socket.HttpStatusCode, HttpStatusCode.BadRequest, HttpStatusCode.UpgradeRequired);
        }

        Assert.Empty(server.Errors.Kinds);
    }

    [Fact]
    public async Task The_same_call_without_a_websocket_is_answered()
    {
        await using var server = await FuzzServer.StartAsync(GuardedServer.Cancelled);
        using var client = new FuzzClient(server.Address);

        var answer = await client.SendAsync(new FuzzInput("/grpc.health.v1.Health/Check", FuzzWire.Web, FuzzEnding.Complete, [], HasOddHeaders: false, [new byte[5]]), FuzzServer.PreSharedKeyHeader, GuardedServer.Cancelled);

        Assert.Equal(0, answer.Status);
    }
}
