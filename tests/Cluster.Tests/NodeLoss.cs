using System.Diagnostics;
using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Cluster.Tests;

/// <summary>A node that is everything is lost.</summary>
public sealed class LossOfANode() : NodeLoss(new Nodes())
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Streams_to_the_lost_node_end_and_everything_else_goes_on(bool lostNodeStartedFirst) => KillAsync(lostNodeStartedFirst);

    // Twice three probes of two seconds is the default; the next ends what the last one found. The membership lease of the node adds two seconds.
    [Theory]
    [InlineData(null, 20)]
    [InlineData("00:00:00.5", 8)]
    public Task A_node_that_does_not_answer_is_lost_after_a_few_probes(string? probeTimeout, int streamsEndWithin) => FreezeAsync(probeTimeout, streamsEndWithin);

    [Fact]
    public Task A_node_that_stops_leaves_in_time_and_one_that_comes_makes_again_what_only_it_can() => StopAsync();

    [Fact]
    public Task An_object_that_only_sessions_of_the_lost_node_hold_ends() => LetGoAsync();

    [Fact]
    public Task An_object_that_a_session_made_on_the_lost_node_is_made_anew() => MakeAnewAsync();
}

/// <summary>A silo is lost, and clients are at gateways.</summary>
public sealed class LossOfASilo() : NodeLoss(new NodesBehindGateways())
{
    [Fact]
    public Task Streams_to_the_lost_silo_end_and_everything_else_goes_on() => KillAsync(lostNodeStartedFirst: true);

    // A gateway asks another silo every three seconds what there is to know.
    [Fact]
    public Task A_silo_that_does_not_answer_is_lost_after_a_few_probes() => FreezeAsync("00:00:00.5", streamsEndWithin: 11);

    [Fact]
    public Task A_silo_that_stops_leaves_in_time_and_one_that_comes_makes_again_what_only_it_can() => StopAsync();

    [Fact]
    public Task An_object_that_only_sessions_of_the_lost_silo_hold_ends() => LetGoAsync();

    [Fact]
    public Task An_object_that_a_session_made_on_the_lost_silo_is_made_anew() => MakeAnewAsync();
}

/// <summary>What the others see when a node is lost.</summary>
public abstract class NodeLoss(Nodes nodes) : IAsyncDisposable
{
    private static readonly TimeSpan StreamsEndWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NoCallIsLongerThan = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ServedAgainWithin = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await nodes.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The second node is killed.</summary>
    protected async Task KillAsync(bool lostNodeStartedFirst)
    {
        Nodes.Require();
        await nodes.StartInOrderAsync(aIsFirst: !lostNodeStartedFirst, Token);
        await using var onLost = await nodes.LoginAsync(nodes.B, nodes.HomeB, Token);
        await using var session = await nodes.LoginAsync(nodes.A, nodes.HomeA, Token);

        // Of the lost node: an object, a table, a shared ticket. Of the survivor: a session with its table under three names.
        await using var relay = await session.OpenAsync(ClusterCalls.Scope("relay", "Relay"), Token);
        var lostShared = await onLost.PublishAsync((await onLost.EmptyTableAsync(3, Token)).Ticket, Token);
        var fetched = await session.ExportFromTicketAsync(lostShared, Token);
        var own = await session.EmptyTableAsync(4, Token);
        var ownShared = await session.PublishAsync(own.Ticket, Token);
        await session.PublishAsync(own.Ticket, new ScopeTicket("kept"), Token);
        var reading = EndAsync(relay);

        var killed = Stopwatch.StartNew();
        nodes.HomeB.Running.Process.Send(Signal.Kill);

        Assert.Equal(StatusCode.Unavailable, await reading.WaitAsync(StreamsEndWithin, Token));
        TestContext.Current.TestOutputHelper?.WriteLine($"the stream ended {killed.Elapsed} after the kill");
        for (var round = 0; round < 100; round++)
        {
            await WithinAsync(killed, async () =>
            {
                await using var fresh = await nodes.A.LoginAsync(Token);
                await using var counter = await fresh.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token);
                await counter.SayAsync("", Token);
                await counter.CountAsync(Token);
                var shared = await fresh.PublishAsync((await fresh.EmptyTableAsync(1, Token)).Ticket, Token);
                Assert.Equal(1, (await fresh.OpenTableAsync(shared, Token)).Size);
            });
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"100 rounds were through {killed.Elapsed} after the kill");
        Assert.False(session.Ended.IsCancellationRequested);
        Assert.Equal(4, (await session.OpenTableAsync(ownShared, Token)).Size);
        Assert.Equal((long[])[0L, 1L, 2L, 3L], await (await own.UpdateAsync(["X = ii"], Token)).NumbersAsync(Token));
        Assert.Equal(4, (await session.OpenTableAsync(new ScopeTicket("kept"), Token)).Size);
        Assert.Equal(StatusCode.DataLoss, await ClusterCalls.FailureAsync(() => session.OpenTableAsync(fetched, Token)));
        Assert.Equal(StatusCode.NotFound, await ClusterCalls.FailureAsync(() => session.ExportFromTicketAsync(lostShared, Token)));
    }

    /// <summary>The second node stands still.</summary>
    protected async Task FreezeAsync(string? probeTimeout, int streamsEndWithin)
    {
        Nodes.Require();
        if (probeTimeout is not null)
            nodes.Settings["Wharf__Cluster__ProbeTimeout"] = probeTimeout;
        await nodes.StartInOrderAsync(aIsFirst: true, Token);
        await using var session = await nodes.LoginAsync(nodes.A, nodes.HomeA, Token);
        await using var relay = await session.OpenAsync(ClusterCalls.Scope("relay", "Relay"), Token);
        var reading = EndAsync(relay);

        var frozen = Stopwatch.StartNew();
        nodes.HomeB.Running.Process.Send(Signal.Stop);
        var calling = EndAsync(await PluginClient.ConnectAsync(session, ClusterCalls.Scope("relay", "Relay"), Token));
        Assert.Equal(StatusCode.Unavailable, await reading.WaitAsync(TimeSpan.FromSeconds(streamsEndWithin), Token));
        TestContext.Current.TestOutputHelper?.WriteLine($"the stream ended {frozen.Elapsed} after the node froze");
        Assert.NotEqual(StatusCode.OK, await calling.WaitAsync(NoCallIsLongerThan, Token));
        TestContext.Current.TestOutputHelper?.WriteLine($"the new call ended after {frozen.Elapsed} with {await calling}");
        await WithinAsync(frozen, async () =>
        {
            await using var counter = await session.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token);
        });
    }

    /// <summary>The second node is asked to stop, and another takes its place.</summary>
    protected async Task StopAsync()
    {
        Nodes.Require();
        await nodes.StartInOrderAsync(aIsFirst: true, Token);
        await using var session = await nodes.LoginAsync(nodes.A, nodes.HomeA, Token);
        await using var relay = await session.OpenAsync(ClusterCalls.Scope("relay", "Relay"), Token);
        var reading = EndAsync(relay);

        var stopped = Stopwatch.StartNew();
        Assert.Equal(0, await nodes.HomeB.StopAsync(Token));
        Assert.True(stopped.Elapsed < StopsWithin, $"the stop took {stopped.Elapsed}");
        Assert.Equal(StatusCode.Unavailable, await reading.WaitAsync(StreamsEndWithin, Token));
        await WithinAsync(stopped, async () =>
        {
            await using var counter = await session.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token);
            await counter.SayAsync("5", Token);
            Assert.Equal(5, await counter.CountAsync(Token));
        });

        await using var again = await nodes.StartAnotherBAsync(Token);
        await using var there = await (nodes.AreBehindGateways ? nodes.B : again).LoginAsync(Token);
        await using var same = await PluginClient.ConnectAsync(there, ClusterCalls.Scope("counter", "Counter"), Token);
        Assert.Equal(5, await same.CountAsync(Token));
        await using var anew = await session.OpenAsync(ClusterCalls.Scope("relay", "Relay"), Token);
        await anew.SendAsync("again"u8.ToArray(), [ClusterCalls.Scope("echo", "Echo")], Token);
        Assert.Equal("again", await anew.HearAsync(Token));
    }

    /// <summary>The second node is killed while its session holds two objects of the first; one of them is held by a session of the first, too.</summary>
    protected async Task LetGoAsync()
    {
        Nodes.Require();
        using var folder = new JournalFolder();
        nodes.Settings["Wharf__Plugins__Folder"] = nodes.SettingsOfB["Wharf__Plugins__Folder"];
        await nodes.StartInOrderAsync(aIsFirst: true, Token);
        await using var inside = await nodes.LookInsideAsync(Token);
        await using var onLost = await nodes.LoginAsync(nodes.B, nodes.HomeB, Token);
        await using var session = await nodes.LoginAsync(nodes.A, nodes.HomeA, Token);
        await using var objects = await session.OpenAsync<INamedObjects>(INamedObjects.Name, Token);
        foreach (var name in (string[])["only", "both"])
            await (await objects.Service.CreateAsync("Stubborn", name, new() { ["Journal"] = folder.PathOf(name) }, Token)).DisposeAsync();
        var both = (await inside.DescribeAsync(new ScopeTicket("both"), Token)).Reference;
        foreach (var name in (string[])["only", "both"])
        {
            Assert.Equal(nodes.SiloPortOf(nodes.HomeA), await inside.SiloPortOfAsync(new ScopeTicket(name), Token));
            await onLost.ExportFromTicketAsync(new ScopeTicket(name), Token);
        }

        var own = await session.ExportFromTicketAsync(new ScopeTicket("both"), Token);
        foreach (var name in (string[])["only", "both"])
            await objects.Service.DeleteAsync(name, Token);
        Assert.Equal(2, (await inside.DescribeAsync(both, Token)).Holders.Count);
        Assert.Empty(folder.Read("only"));

        var killed = Stopwatch.StartNew();
        nodes.HomeB.Running.Process.Send(Signal.Kill);
        await UntilAsync(killed, () => Task.FromResult(folder.Read("only") is ["disposed"]));
        TestContext.Current.TestOutputHelper?.WriteLine($"the object ended {killed.Elapsed} after the kill");
        await UntilAsync(killed, async () => (await inside.DescribeAsync(both, Token)).Holders.Count == 1);
        Assert.Empty(folder.Read("both"));
        await using (var stream = await session.OpenAsync(new TypedTicket(own, "Stubborn"), Token))
        {
        }

        await session.ReleaseAsync(own, Token);
        await UntilAsync(killed, () => Task.FromResult(folder.Read("both") is [.., "disposed"]));
    }

    /// <summary>The node of an object that a session made by name is killed.</summary>
    protected async Task MakeAnewAsync()
    {
        Nodes.Require();
        await nodes.StartInOrderAsync(aIsFirst: true, Token);
        await using var inside = await nodes.LookInsideAsync(Token);
        var mine = new ScopeTicket("mine");
        await using (var session = await nodes.A.LoginAsync(Token))
        await using (var objects = await session.OpenAsync<INamedObjects>(INamedObjects.Name, Token))
        {
            await objects.Service.CreateAsync("Counter", mine.Name, new() { ["Start"] = "40" }, Token);
            await using var counter = await PluginClient.ConnectAsync(session, new TypedTicket(mine, "Counter"), Token);
            Assert.Equal(40, await counter.CountAsync(Token));
            await counter.SayAsync("2", Token);
            Assert.Equal(42, await counter.CountAsync(Token));
        }

        var before = (await inside.DescribeAsync(mine, Token)).Reference;
        var isOnA = await inside.SiloPortOfAsync(mine, Token) == nodes.SiloPortOf(nodes.HomeA);
        var killed = Stopwatch.StartNew();
        (isOnA ? nodes.HomeA : nodes.HomeB).Running.Process.Send(Signal.Kill);

        // As it was made; what it knew since then is gone.
        await WithinAsync(killed, async () =>
        {
            await using var session = await (isOnA && !nodes.AreBehindGateways ? nodes.B : nodes.A).LoginAsync(Token);
            Assert.Contains(await session.ListFieldsAsync(Token), field => field.Name == mine.Name);
            await using var counter = await PluginClient.ConnectAsync(session, new TypedTicket(mine, "Counter"), Token);
            Assert.Equal(40, await counter.CountAsync(Token));
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"the object was there again {killed.Elapsed} after the kill");
        var after = (await inside.DescribeAsync(mine, Token)).Reference;
        Assert.NotEqual(before.ObjectId, after.ObjectId);
        Assert.Contains($"field/{mine.Canonical}", (await inside.DescribeAsync(after, Token)).Holders);
    }

    private static async Task UntilAsync(Stopwatch killed, Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            Assert.True(killed.Elapsed < ServedAgainWithin, "it did not come about");
            await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
        }
    }

    private static async Task<StatusCode> EndAsync(PluginClient stream)
    {
        try
        {
            while (await stream.ReadAsync(Token) is not null)
            {
            }

            return StatusCode.OK;
        }
        catch (RpcException end)
        {
            return end.StatusCode;
        }
    }

    /// <summary>Does something that may fail until the cluster has settled.</summary>
    private static async Task WithinAsync(Stopwatch killed, Func<Task> act)
    {
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (RpcException unsettled) when (unsettled.StatusCode == StatusCode.Unavailable && killed.Elapsed < ServedAgainWithin)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), Token);
            }
        }
    }
}

/// <summary>Where the objects of a test write down what happens to them.</summary>
internal sealed class JournalFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wharf-journals-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string[] Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllLines(PathOf(name)) : [];

    public void Dispose() => _folder.Delete(recursive: true);
}
