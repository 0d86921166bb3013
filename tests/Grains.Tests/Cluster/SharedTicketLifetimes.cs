using Orleans.Runtime;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Tests.Cluster;

[Collection(nameof(TestCluster))]
public sealed class SharedTicketLifetimes(TestCluster cluster)
{
    [Fact]
    public async Task Another_session_fetches_what_was_published_and_keeps_it()
    {
        var publisher = await cluster.LoginAsync();
        var fetcher = await cluster.LoginAsync();
        var shared = cluster.NewSharedId();
        var reference = await publisher.AdoptAsync(1);
        await publisher.Grain.PublishAsync(1, shared);
        Assert.Equal(reference, await cluster.Grains.LookupAsync($"shared/{shared}"));
        Assert.Equal([reference], (await fetcher.ReferenceAsync(5, $"shared/{shared}")).References);
        await publisher.Grain.CloseAsync(SessionEndReason.Closed);
        await cluster.World.UntilHeldBy(reference, fetcher.HolderOf(5));
    }

    [Fact]
    public async Task A_ticket_that_was_never_published_names_nothing()
    {
        var fetcher = await cluster.LoginAsync();
        Assert.Equal(FaultCode.NotFound, (await fetcher.ResolveAsync($"shared/{cluster.NewSharedId()}")).Fault!.Code);
    }

    [Fact]
    public async Task After_a_release_the_ticket_is_free_at_once()
    {
        var publisher = await cluster.LoginAsync();
        var fetcher = await cluster.LoginAsync();
        var shared = cluster.NewSharedId();
        await publisher.AdoptAsync(1);
        await publisher.Grain.PublishAsync(1, shared);
        Assert.Equal(FaultCode.AlreadyExists, (await publisher.RefusedAsync(grain => grain.PublishAsync(1, shared))).Code);
        Assert.Equal(FaultCode.AlreadyExists, (await fetcher.RefusedAsync(grain => grain.PublishAsync(1, shared))).Code);
        await publisher.Grain.ReleaseAsync(1);
        Assert.Equal(FaultCode.NotFound, (await fetcher.ResolveAsync($"shared/{shared}")).Fault!.Code);
        var other = await fetcher.AdoptAsync(1);
        await fetcher.Grain.PublishAsync(1, shared);
        Assert.Equal([other], (await publisher.ResolveAsync($"shared/{shared}")).References);
    }

    [Fact]
    public async Task After_the_publisher_left_the_ticket_is_free_at_once()
    {
        var publisher = await cluster.LoginAsync();
        var fetcher = await cluster.LoginAsync();
        var shared = cluster.NewSharedId();
        await publisher.AdoptAsync(1);
        await publisher.Grain.PublishAsync(1, shared);
        await publisher.Grain.CloseAsync(SessionEndReason.Closed);
        Assert.Null(await cluster.Shared(shared).GetTargetAsync());
        Assert.Equal(FaultCode.NotFound, (await fetcher.ReferenceAsync(1, $"shared/{shared}")).Fault!.Code);
    }

    [Fact]
    public async Task A_fetch_waits_for_the_publishers_export()
    {
        var publisher = await cluster.LoginAsync();
        var fetcher = await cluster.LoginAsync();
        var shared = cluster.NewSharedId();
        await publisher.Grain.PublishAsync(1, shared);
        var fetch = fetcher.ReferenceAsync(1, $"shared/{shared}");
        var reference = await publisher.AdoptAsync(1);
        Assert.Equal([reference], (await fetch).References);
    }

    [Fact]
    public async Task A_fetch_that_waits_when_the_publisher_leaves_finds_nothing()
    {
        var publisher = await cluster.LoginAsync();
        var fetcher = await cluster.LoginAsync();
        var shared = cluster.NewSharedId();
        await publisher.Grain.PublishAsync(1, shared);
        var fetch = fetcher.ReferenceAsync(1, $"shared/{shared}");
        await publisher.Grain.CloseAsync(SessionEndReason.Closed);
        Assert.Equal(FaultCode.NotFound, (await fetch).Fault!.Code);
    }

    [Fact]
    public async Task A_ticket_whose_object_was_lost_names_nothing_and_is_free()
    {
        var publisher = await cluster.LoginAsync();
        var fetcher = await cluster.LoginAsync();
        var shared = cluster.NewSharedId();
        var reference = await publisher.AdoptAsync(1);
        await publisher.Grain.PublishAsync(1, shared);
        cluster.World.Lose(reference);
        Assert.Equal(FaultCode.NotFound, (await fetcher.ReferenceAsync(1, $"shared/{shared}")).Fault!.Code);
        await fetcher.AdoptAsync(2);
        await fetcher.Grain.PublishAsync(2, shared);
        Assert.Equal(FaultCode.DataLoss, (await publisher.ReferenceAsync(2, "export/1")).Fault!.Code);
    }

    [Fact]
    public async Task A_ticket_whose_publisher_was_lost_names_nothing_and_is_free()
    {
        var session = await cluster.LoginAsync();
        var shared = cluster.NewSharedId();
        Assert.True(await cluster.Shared(shared).PublishAsync(new Wharf.Grains.Sharing.SharedTarget("lost", 1)));
        Assert.Null(await cluster.Grains.LookupAsync($"shared/{shared}"));
        Assert.Equal(FaultCode.NotFound, (await session.ResolveAsync($"shared/{shared}")).Fault!.Code);
        Assert.Null(await cluster.Shared(shared).GetTargetAsync());

        await cluster.Shared(shared).PublishAsync(new Wharf.Grains.Sharing.SharedTarget("lost", 1));
        var reference = await session.AdoptAsync(1);
        await session.Grain.PublishAsync(1, shared);
        Assert.Equal(reference, await cluster.Grains.LookupAsync($"shared/{shared}"));
    }

    [Fact]
    public async Task Withdrawing_a_ticket_deactivates_its_grain()
    {
        var publisher = await cluster.LoginAsync();
        var kept = cluster.NewSharedId();
        var withdrawn = Enumerable.Range(0, 20).Select(_ => cluster.NewSharedId()).ToList();
        await publisher.AdoptAsync(1);
        await publisher.AdoptAsync(2);
        await publisher.Grain.PublishAsync(1, kept);
        foreach (var shared in withdrawn)
            await publisher.Grain.PublishAsync(2, shared);
        Assert.Equal(withdrawn.Count, await ActivationsAsync(withdrawn));

        await publisher.Grain.ReleaseAsync(2);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await ActivationsAsync(withdrawn) > 0)
            limit.Token.ThrowIfCancellationRequested();
        Assert.Equal(1, await ActivationsAsync([kept]));
    }

    private async Task<int> ActivationsAsync(IReadOnlyCollection<string> shared)
    {
        var active = await cluster.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return active.Count(grain => grain.GrainId.Type.ToString() == "wharf.shared-ticket" && shared.Contains(grain.GrainId.Key.ToString()));
    }
}
