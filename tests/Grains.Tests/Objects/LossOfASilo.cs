using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Objects of a silo, held from others, one of which is lost.</summary>
public sealed class LossOfASilo : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public LossOfASilo()
    {
        var builder = new InProcessTestClusterBuilder(3);
        builder.ConfigureSilo(static (_, silo) =>
        {
            Conversations.Cluster.Configure(silo);
            silo.Configure<ClusterMembershipOptions>(static membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
            });
        });
        _cluster = builder.Build();
    }

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task What_it_and_its_sessions_held_elsewhere_is_let_go_of_and_what_others_hold_is_not()
    {
        var (exported, exportedProbe) = New();
        var (shared, _) = New();
        var (carried, carriedProbe) = New();
        var lost = await LoginAsync(1);
        var other = await LoginAsync(2);
        var own = await LoginAsync(0);
        await AdoptAsync(lost, 1, exported);
        await AdoptAsync(lost, 2, shared);
        await AdoptAsync(other, 2, shared);
        await AdoptAsync(own, 2, shared);

        // A message brings a reference to an object of the silo that will be lost.
        carried.TryHold("stream/s/in/0", GrainLimits.CallLease);
        var hold = Services(1).GetRequiredService<ObjectHolds>().Adopt(carried.Reference, "stream/s/in/0");
        foreach (var held in (LiveObject[])[exported, shared, carried])
            held.Release("maker");
        while (carried.Holders.Contains("stream/s/in/0"))
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        Assert.NotEmpty(carried.Holders);

        await _cluster.KillSiloAsync(_cluster.Silos[1]);

        await Task.WhenAll(exportedProbe.Disposed.Task, carriedProbe.Disposed.Task).WaitAsync(3 * Limits.Test);
        Assert.True(await Services(0).GetRequiredService<LostHolders>().ReviewAsync(default));
        Assert.Equal(Holders(other, own), shared.Holders);
        await other.Grain.CloseAsync(SessionEndReason.Closed);
        Assert.False(shared.HasEnded);
        await own.Grain.CloseAsync(SessionEndReason.Closed);
        GC.KeepAlive(hold);
    }

    private static string[] Holders(params (string Id, ISessionGrain Grain)[] sessions) =>
        [.. sessions.Select(static session => Holder.OfExport(session.Id, 2)).Order(StringComparer.Ordinal)];

    private static async Task AdoptAsync((string Id, ISessionGrain Grain) session, int export, LiveObject held)
    {
        var outcome = await session.Grain.SubmitAsync(new AdoptWork(export, held.Reference, "nobody"));
        Assert.Null(outcome.Fault);
    }

    private (LiveObject Live, Probe Probe) New()
    {
        var node = Services(0).GetRequiredService<NodeObjects>();
        var probe = new Probe();
        var hold = node.Live.HoldInstance(probe, node);
        var live = node.Live.Find(hold.Reference.ObjectId)!;
        live.TryHold("maker");
        hold.Release();
        return (live, probe);
    }

    private async Task<(string Id, ISessionGrain Grain)> LoginAsync(int silo)
    {
        var id = Guid.NewGuid().ToString();
        await Services(silo).GetRequiredService<IGrainFactory>().GetGrain<ISessionGrain>(id).LoginAsync(
            new SessionLogin(new CallerIdentity("alice", id, "Basic"), "here", TimeSpan.FromMinutes(5)));
        Assert.True(Services(silo).GetRequiredService<LocalSessions>().Has(id));
        return (id, Services(0).GetRequiredService<IGrainFactory>().GetGrain<ISessionGrain>(id));
    }

    private IServiceProvider Services(int silo) => ((InProcessSiloHandle)_cluster.Silos[silo]).SiloHost.Services;
}
