using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Tables;

namespace Wharf.Grains.Tests.Objects;

/// <summary>What is on a node is held and let go of there without a grain call; here, none can be made.</summary>
public sealed class HoldsHere
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_is_held_and_let_go_of()
    {
        await using var node = new Node();
        var (live, own) = node.LiveAndHold(new Probe());
        var calls = CallsOf(node);

        await calls.HoldAsync(live.Reference, "call/a", lease: null, Cancelled);
        own.Release();
        Assert.Equal(["call/a"], live.Holders);

        await calls.ReleaseAsync(live.Reference, "call/a");
        Assert.True(live.HasEnded);
    }

    [Fact]
    public async Task Another_life_of_the_object_is_not_held()
    {
        await using var node = new Node();
        var live = node.Live(new Probe());
        var before = live.Holders;

        var refused = await Assert.ThrowsAsync<FaultException>(
            () => CallsOf(node).HoldAsync(live.Reference with { Epoch = live.Reference.Epoch - 1 }, "call/a", lease: null, Cancelled));

        Assert.Equal(FaultCode.Unavailable, refused.Fault.Code);
        Assert.Equal(before, live.Holders);
    }

    [Fact]
    public async Task What_is_not_here_is_asked_of_its_grain()
    {
        await using var node = new Node();
        var (live, own) = node.LiveAndHold(new Probe());
        own.Release();

        await Assert.ThrowsAsync<InvalidOperationException>(() => CallsOf(node).HoldAsync(live.Reference, "call/a", lease: null, Cancelled));
    }

    [Fact]
    public async Task Many_tables_are_let_go_of_in_more_than_one_turn()
    {
        await using var node = new Node();
        var empty = new TableEngine(TimeProvider.System).Run(new EmptyTable(1), [], Cancelled);
        var turns = new Turns();
        var queue = new ReleaseQueue(CallsOf(node));
        var left = new List<int>();

        await turns.RunAsync(() => left.Add(node.Tables.All.Count()), () =>
        {
            for (var n = 0; n < 2_500; n++)
                queue.Add(node.Tables.Add(empty, "export/s/1"), "export/s/1");
            Assert.Equal(2_500, node.Tables.All.Count());
        }).WaitAsync(Limits.Test, Cancelled);

        Assert.Equal([2_500, 1_500, 500, 0], left.Distinct());
    }

    private static RetryingCalls CallsOf(Node node) => new(new NoGrains(), node.Objects.Holds, TimeProvider.System, NullLogger.Instance);
}
