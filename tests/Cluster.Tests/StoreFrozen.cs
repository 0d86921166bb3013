using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Core;
using Wharf.Client;
using Wharf.Grains.Nodes;
using Wharf.Processes;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Cluster.Tests;

/// <summary>The store of a cluster stands still, and a node dies meanwhile.</summary>
public sealed class StoreFrozen : IAsyncDisposable
{
    private static readonly TimeSpan CallsTakeAtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StreamsEndWithin = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan NamesAnswerWithin = TimeSpan.FromSeconds(15);

    private readonly Nodes _nodes = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Nodes_continue_without_the_store_and_the_loss_of_a_node_is_noticed_and_written_later()
    {
        Nodes.Require();
        await _nodes.StartInOrderAsync(aIsFirst: true, Token);
        await using var session = await _nodes.LoginAsync(_nodes.A, _nodes.HomeA, Token);
        await using var echo = await session.OpenAsync(ClusterCalls.Scope("echo", "Echo"), Token);
        await using var relay = await session.OpenAsync(ClusterCalls.Scope("relay", "Relay"), Token);
        var names = (await session.ListFieldsAsync(Token)).Select(static field => field.Name).Order().ToArray();
        var lines = _nodes.A.Running.Output.Split('\n').Length;

        // Longer than the membership lease, which the other node renews.
        _nodes.Redis.Send(Signal.Stop);
        var away = Stopwatch.StartNew();
        while (away.Elapsed < 2 * MembershipLease.Duration)
        {
            await echo.SayAsync("still here", Token);
            Assert.Equal("still here", await echo.HearAsync(Token).WaitAsync(CallsTakeAtMost, Token));
            await using var fresh = await _nodes.B.LoginAsync(Token).WaitAsync(CallsTakeAtMost, Token);
        }

        var reading = ClusterCalls.FailureAsync(async () => await relay.HearAsync(Token));
        _nodes.B.Running.Process.Send(Signal.Kill);
        Assert.Equal(StatusCode.Unavailable, await reading.WaitAsync(StreamsEndWithin, Token));
        for (var round = 0; round < 5; round++)
            await using (await _nodes.A.LoginAsync(Token).WaitAsync(CallsTakeAtMost, Token))
            {
            }

        // The log has the end of an absence that was noticed before.
        await _nodes.A.Running.WaitForLineAsync("Redis at .* does not answer", Token);
        _nodes.Redis.Send(Signal.Continue);
        var back = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var counter = await session.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token);
                break;
            }
            catch (RpcException unsettled) when (unsettled.StatusCode == StatusCode.Unavailable && back.Elapsed < NamesAnswerWithin)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
            }
        }

        Assert.Equal(names, (await session.ListFieldsAsync(Token)).Select(static field => field.Name).Order());
        await _nodes.A.Running.WaitForLineAsync("Redis at .* answers again", Token);
        await _nodes.A.Running.WaitForLineAsync($"The node S127.0.0.1:{_nodes.SiloPortOf(_nodes.HomeB)}:.* is lost", Token);

        // Calls write no line each while the store is away.
        var output = _nodes.A.Running.Output;
        Assert.InRange(output.Split('\n').Length - lines, 0, 300);
        Assert.DoesNotMatch(new Regex("Unexpected failure|failed unexpectedly"), output);
    }
}
