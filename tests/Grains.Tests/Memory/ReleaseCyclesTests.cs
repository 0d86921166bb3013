using Wharf.Grains.Tests.Cluster;

namespace Wharf.Grains.Tests.Memory;

[Collection(nameof(TestCluster))]
public sealed class ReleaseCyclesTests(TestCluster cluster)
{
    [Fact]
    public void A_million_cycles_leave_nothing_behind_in_the_table()
    {
        var steps = 0;
        var table = ReleaseCycles.OnTable(1_000_000, _ => steps++);
        Assert.Equal(10, steps);
        Assert.Equal(16, table.LiveCount);

        // The exports that are kept, and one interval for all the others.
        Assert.Equal(17, table.EntryCount);
    }

    [Fact]
    public async Task A_session_goes_on_after_many_cycles()
    {
        var session = await cluster.LoginAsync();
        await ReleaseCycles.OnGrainAsync(session.Grain, 2_000, static _ => { });
        await session.AdoptAsync(2_001);
    }
}
