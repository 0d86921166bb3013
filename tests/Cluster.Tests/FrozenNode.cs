using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Cluster.Tests;

/// <summary>A node stands still, and continues.</summary>
public sealed class FrozenNode : IAsyncDisposable
{
    private const int LostExitCode = 3;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    private readonly Nodes _nodes = new();

    public FrozenNode() => _nodes.Settings["Wharf__Cluster__ProbeTimeout"] = "00:00:00.3";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task A_node_that_was_declared_lost_answers_nothing_when_it_continues_and_stops_in_order()
    {
        Nodes.Require();
        await _nodes.StartInOrderAsync(aIsFirst: true, Token);
        await using var old = await _nodes.A.LoginAsync(Token);
        await using var oldCounter = await old.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token);
        await oldCounter.SayAsync("1000", Token);
        Assert.Equal(1000, await oldCounter.CountAsync(Token));
        await using var other = await _nodes.LoginAsync(_nodes.B, _nodes.HomeB, Token);

        // Shorter than the lease: nothing happens.
        var process = _nodes.A.Running.Process;
        process.Send(Signal.Stop);
        await Task.Delay(TimeSpan.FromMilliseconds(500), Token);
        process.Send(Signal.Continue);
        await oldCounter.SayAsync("1", Token);
        Assert.Equal(1001, await oldCounter.CountAsync(Token));

        process.Send(Signal.Stop);
        var frozen = Stopwatch.StartNew();
        await _nodes.B.Running.WaitForLineAsync($"The node S127.0.0.1:{_nodes.SiloPortOf(_nodes.A)}:.* is lost", Token);
        Assert.Equal(0, await FirstCountAsync(other, frozen));
        await oldCounter.SayAsync("1", Token);
        var login = _nodes.A.LoginAsync(Token);
        process.Send(Signal.Continue);

        var end = await Assert.ThrowsAnyAsync<RpcException>(async () => await oldCounter.CountAsync(Token));
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        Assert.Equal(StatusCode.Unavailable, await ClusterCalls.FailureAsync(() => login));
        Assert.Equal(LostExitCode, await _nodes.A.Running.ExitAsync(Token).WaitAsync(Within, Token));
        Assert.Equal(1, Regex.Count(_nodes.A.Running.Output, "have declared this node, .*, lost"));
        Assert.DoesNotContain("Unhandled exception", _nodes.A.Running.Output, StringComparison.Ordinal);
    }

    private static async Task<long> FirstCountAsync(Session session, Stopwatch frozen)
    {
        while (true)
        {
            try
            {
                await using var counter = await PluginClient.ConnectAsync(session, ClusterCalls.Scope("counter", "Counter"), Token);
                return await counter.CountAsync(Token);
            }
            catch (RpcException unsettled) when (unsettled.StatusCode == StatusCode.Unavailable && frozen.Elapsed < Within)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
            }
        }
    }
}
