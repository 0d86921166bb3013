using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Cluster.Tests;

/// <summary>A node is asked to stop: its own sessions end with it, sessions of other nodes lose a gateway.</summary>
public sealed class OrderlyStopOfANode : IAsyncDisposable
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    private readonly Nodes _nodes = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Streams_of_sessions_that_live_elsewhere_end_unavailable_and_their_sessions_go_on()
    {
        Nodes.Require();
        await _nodes.StartInOrderAsync(aIsFirst: false, Token);
        await using var inside = await _nodes.LookInsideAsync(Token);
        Assert.Equal(_nodes.SiloPortOf(_nodes.B), await inside.SiloPortOfAsync(new ScopeTicket("echo"), Token));
        using var way = new Redirected(_nodes.B.Address);
        using var otherWay = new Redirected(_nodes.A.Address);
        await using var elsewhere = await ConnectAsync(_nodes.B, way);
        await using var here = await ConnectAsync(_nodes.A, otherWay);
        var kept = await elsewhere.EmptyTableAsync(3, Token);
        await here.EmptyTableAsync(3, Token);

        // Both by the gateway that stops, to an object of the other node.
        way.Target = _nodes.A.Address;
        await using var streamOfElsewhere = await elsewhere.OpenAsync(ClusterCalls.Scope("echo", "Echo"), Token);
        await using var streamOfHere = await here.OpenAsync(ClusterCalls.Scope("echo", "Echo"), Token);
        var ends = new[] { EndAsync(streamOfElsewhere), EndAsync(streamOfHere) };

        var stopping = _nodes.A.StopAsync(Token);
        var told = await Task.WhenAll(ends).WaitAsync(EndsWithin, Token);
        Assert.Equal((StatusCode.Unavailable, "The server is stopping"), told[0]);
        Assert.Equal((StatusCode.Cancelled, "Session closed"), told[1]);
        Assert.Equal(0, await stopping);

        way.Target = otherWay.Target = _nodes.B.Address;
        Assert.Equal((long[])[0L, 1L, 2L], await (await kept.UpdateAsync(["X = ii"], Token)).NumbersAsync(Token));
        await using (var again = await elsewhere.OpenAsync(ClusterCalls.Scope("echo", "Echo"), Token))
        {
            await again.SayAsync("again", Token);
            Assert.Equal("again", await again.HearAsync(Token));
        }

        Assert.False(elsewhere.Ended.IsCancellationRequested);
        Assert.Equal(StatusCode.Unauthenticated, await ClusterCalls.FailureAsync(() => here.ListFieldsAsync(Token)));
    }

    private static Task<Session> ConnectAsync(ServerProcess server, Redirected way) => Session.ConnectAsync(
        server.Address, Credentials.PreSharedKey(ServerProcess.Psk), new Client.SessionOptions { HttpHandler = way }, Token);

    private static async Task<(StatusCode, string)> EndAsync(PluginClient stream)
    {
        try
        {
            while (await stream.ReadAsync(Token) is not null)
            {
            }

            return (StatusCode.OK, "");
        }
        catch (RpcException end)
        {
            return (end.StatusCode, end.Status.Detail);
        }
    }
}
