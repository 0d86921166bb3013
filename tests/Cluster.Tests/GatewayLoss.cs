using System.Diagnostics;
using System.Net;
using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Cluster.Tests;

/// <summary>Gateways without silos come and go; what lives on silos does not mind.</summary>
public sealed class GatewayLoss : IAsyncDisposable
{
    // A silo lets go of a stream when its gateway was silent for this long; the shortest that may be set, and what the sweep adds.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan LetGoWithin = Silence + TimeSpan.FromSeconds(9);
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(20);

    private readonly NodesBehindGateways _nodes = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task One_is_added_and_one_is_killed_under_load_and_only_its_own_streams_end()
    {
        Nodes.Require();
        _nodes.Settings["Wharf__Streams__GatewayTimeout"] = Silence.ToString();
        await _nodes.InitializeAsync();
        await using var inside = await _nodes.LookInsideAsync(Token);
        var echo = new ScopeTicket("echo");
        var before = await inside.DescribeAsync(echo, Token);
        using var way = new Redirected(_nodes.A.Address);
        await using var moving = await Session.ConnectAsync(
            _nodes.A.Address, Credentials.PreSharedKey(ServerProcess.Psk), new Client.SessionOptions { HttpHandler = way }, Token);
        await using var staying = await _nodes.B.LoginAsync(Token);
        var kept = await (await moving.EmptyTableAsync(3, Token)).UpdateAsync(["X = ii"], Token);
        var shared = await moving.PublishAsync(kept.Ticket, Token);

        using var enough = new CancellationTokenSource();
        var lost = new[] { new Conversation(moving), new Conversation(moving) };
        var others = new List<Conversation> { new(staying), new(staying) };
        var losing = lost.Select(one => one.RunAsync(enough.Token)).ToArray();
        var running = others.Select(one => one.RunAsync(enough.Token)).ToList();
        await Task.WhenAll(lost.Concat(others).Select(static one => one.HasSaidAsync(50)));

        var added = await _nodes.StartGatewayAsync(Token);
        await using var late = await added.LoginAsync(Token);
        others.Add(new Conversation(late));
        running.Add(others[^1].RunAsync(enough.Token));
        await others[^1].HasSaidAsync(50);
        Assert.Equal(before.Streams + 5, (await inside.DescribeAsync(echo, Token)).Streams);

        var killed = Stopwatch.StartNew();
        _nodes.A.Running.Process.Send(Signal.Kill);
        foreach (var stream in losing)
            Assert.Equal(StatusCode.Unavailable, await stream.WaitAsync(NoticedWithin, Token));

        // The session is where it was, and its token is good at any other door.
        way.Target = added.Address;
        Assert.Equal((long[])[0L, 1L, 2L], await kept.NumbersAsync(Token));
        Assert.Equal(3, (await staying.OpenTableAsync(shared, Token)).Size);
        await using (var again = await moving.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token))
        {
        }

        // What its streams held is let go of.
        while ((await inside.DescribeAsync(echo, Token)).Streams > before.Streams + 3)
        {
            Assert.True(killed.Elapsed < LetGoWithin, "the streams of the lost gateway are still held");
            await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"the streams of the lost gateway were let go of {killed.Elapsed} after the kill");
        await Task.WhenAll(others.Select(static one => one.HasSaidAsync(one.Said + 50)));

        // One that is asked to stop ends its streams itself; its sessions stay.
        using var lateWay = new Redirected(added.Address);
        await using var leaving = await Session.ConnectAsync(
            added.Address, Credentials.PreSharedKey(ServerProcess.Psk), new Client.SessionOptions { HttpHandler = lateWay }, Token);
        var own = await leaving.EmptyTableAsync(2, Token);
        Assert.Equal(0, await added.StopAsync(Token).WaitAsync(NoticedWithin, Token));
        Assert.Equal(StatusCode.Unavailable, await running[^1].WaitAsync(NoticedWithin, Token));
        lateWay.Target = _nodes.B.Address;
        Assert.Equal((long[])[0L, 1L], await (await own.UpdateAsync(["X = ii"], Token)).NumbersAsync(Token));
        running.RemoveAt(running.Count - 1);
        await enough.CancelAsync();
        foreach (var stream in running)
            Assert.Equal(StatusCode.OK, await stream.WaitAsync(Token));
    }

    [Fact]
    public async Task Without_a_silo_a_gateway_says_so_and_recovers_when_one_is_back()
    {
        Nodes.Require();
        await _nodes.InitializeAsync();
        using var http = new HttpClient { BaseAddress = _nodes.A.Address };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", Token)).StatusCode);
        await using var session = await _nodes.A.LoginAsync(Token);
        await using var echo = await session.OpenAsync(ClusterCalls.Scope("echo", "Echo"), Token);

        var killed = Stopwatch.StartNew();
        _nodes.HomeA.Running.Process.Send(Signal.Kill);
        _nodes.HomeB.Running.Process.Send(Signal.Kill);
        await UntilAsync(HttpStatusCode.ServiceUnavailable);
        TestContext.Current.TestOutputHelper?.WriteLine($"the gateway was not ready {killed.Elapsed} after the kill");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", Token)).StatusCode);
        Assert.Equal(StatusCode.Unavailable, await ClusterCalls.FailureAsync(() => _nodes.A.LoginAsync(Token)).WaitAsync(NoticedWithin, Token));
        Assert.Equal(StatusCode.Unavailable, await ClusterCalls.FailureAsync(() => echo.HearAsync(Token)).WaitAsync(NoticedWithin, Token));

        await using var home = await _nodes.StartAnotherBAsync(Token);
        var back = Stopwatch.StartNew();
        await UntilAsync(HttpStatusCode.OK);
        TestContext.Current.TestOutputHelper?.WriteLine($"the gateway was ready {back.Elapsed} after a silo was");
        await using var anew = await _nodes.A.LoginAsync(Token);
        await using var counter = await anew.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token);

        async Task UntilAsync(HttpStatusCode status)
        {
            var start = Stopwatch.StartNew();
            while ((await http.GetAsync("/health/ready", Token)).StatusCode != status)
            {
                Assert.True(start.Elapsed < NoticedWithin, $"/health/ready did not answer {status} in time");
                await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
            }
        }
    }
}
