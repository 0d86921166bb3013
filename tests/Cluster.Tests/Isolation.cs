using System.Globalization;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>
/// A handler that is held up costs its own object's streams their time, or its own stream if the type is concurrent, and nobody else anything. What is said to go on does so while the
/// handlers are held up: nothing lets go of them before.
/// </summary>
public sealed class Isolation : IClassFixture<HeavyNodes>
{
    private readonly HeavyNodes _nodes;

    public Isolation(HeavyNodes nodes)
    {
        Nodes.Require();
        _nodes = nodes;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("block", true, true)]
    [InlineData("block", true, false)]
    [InlineData("block", false, true)]
    [InlineData("block", false, false)]
    [InlineData("compute", true, true)]
    [InlineData("compute", false, false)]
    public async Task Logins_exports_and_other_objects_continue_while_32_handlers_block_or_compute(string what, bool areSerial, bool isOnSameNode)
    {
        await using var session = await Door(isOnSameNode).LoginAsync(Token);
        await using var gate = await session.OpenAsync(HeavyNodes.Gate, Token);
        var held = new List<PluginClient>();
        for (var n = 0; n < HeavyNodes.Count; n++)
            held.Add(await HoldUpAsync(session, areSerial ? HeavyNodes.Serial(n) : HeavyNodes.Concurrent, what));

        // Those who compute take their share of the processors; nobody waits for them to end, but it takes longer.
        for (var rounds = what == "compute" ? 1 : 5; rounds > 0; rounds--)
        {
            await GoOnAsync(_nodes.A, _nodes.B);
            await GoOnAsync(_nodes.B, _nodes.A);
        }

        Assert.Equal(HeavyNodes.Count, await HeldAsync(gate));
        await gate.SayAsync("open", Token);
        foreach (var stream in held)
        {
            Assert.Equal("done", await stream.HearAsync(Token));
            await stream.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_of_a_serial_object_delays_all_streams_of_the_object_and_no_other(bool isOnSameNode)
    {
        await using var session = await Door(isOnSameNode).LoginAsync(Token);
        await using var gate = await session.OpenAsync(HeavyNodes.Gate, Token);
        await using var second = await session.OpenAsync(HeavyNodes.Serial(0), Token);
        await using var held = await HoldUpAsync(session, HeavyNodes.Serial(0), "block");

        await second.SayAsync("waits", Token);
        var heard = second.HearAsync(Token);
        var opening = session.OpenAsync(HeavyNodes.Serial(0), Token);
        await using (var other = await session.OpenAsync(HeavyNodes.Serial(1), Token))
            await ExchangeAsync(other);

        Assert.False(heard.IsCompleted);
        Assert.False(opening.IsCompleted);
        await gate.SayAsync("open", Token);
        Assert.Equal("done", await held.HearAsync(Token));
        Assert.Equal("waits", await heard);
        await using var opened = await opening;
        await ExchangeAsync(opened);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_of_a_concurrent_object_delays_its_own_stream_only(bool isOnSameNode)
    {
        await using var session = await Door(isOnSameNode).LoginAsync(Token);
        await using var gate = await session.OpenAsync(HeavyNodes.Gate, Token);
        await using var second = await session.OpenAsync(HeavyNodes.Concurrent, Token);
        await using var held = await HoldUpAsync(session, HeavyNodes.Concurrent, "block");

        await held.SayAsync("waits", Token);
        var heard = held.HearAsync(Token);
        await ExchangeAsync(second);
        await using (var third = await session.OpenAsync(HeavyNodes.Concurrent, Token))
            await ExchangeAsync(third);

        Assert.False(heard.IsCompleted);
        await gate.SayAsync("open", Token);
        Assert.Equal("done", await heard);
        Assert.Equal("waits", await held.HearAsync(Token));
    }

    private ServerProcess Door(bool isOnSameNode) => isOnSameNode ? _nodes.B : _nodes.A;

    private static async Task<PluginClient> HoldUpAsync(Session session, TypedTicket heavy, string what)
    {
        var stream = await session.OpenAsync(heavy, Token);
        await stream.SayAsync(what, Token);
        Assert.Equal(what, await stream.HearAsync(Token));
        return stream;
    }

    // Sessions of one node, and of another that has what they share.
    private static async Task GoOnAsync(ServerProcess here, ServerProcess there)
    {
        await using var session = await here.LoginAsync(Token);
        await using var other = await there.LoginAsync(Token);
        await session.RenewAsync(Token);
        await using (var echo = await session.OpenAsync(HeavyNodes.Echo, Token))
            await ExchangeAsync(echo);
        var table = await session.EmptyTableAsync(1, Token);
        var shared = await session.PublishAsync(table.Ticket, Token);
        var fetched = await other.ExportFromTicketAsync(shared, Token);
        Assert.Equal(1, (await other.OpenTableAsync(fetched, Token)).Size);
        await other.ReleaseAsync(fetched, Token);
        await session.ReleaseAsync(table.Ticket, Token);
    }

    private static async Task ExchangeAsync(PluginClient stream)
    {
        for (var n = 0; n < 10; n++)
        {
            await stream.SayAsync($"word {n}", Token);
            Assert.Equal($"word {n}", await stream.HearAsync(Token));
        }
    }

    private static async Task<int> HeldAsync(PluginClient gate)
    {
        await gate.SayAsync("", Token);
        return int.Parse(await gate.HearAsync(Token), CultureInfo.InvariantCulture);
    }
}
