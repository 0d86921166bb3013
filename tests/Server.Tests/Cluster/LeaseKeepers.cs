using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Wharf.Grains.Nodes;
using Wharf.Server.Cluster.Lease;
using Wharf.Server.Cluster.Store;

namespace Wharf.Server.Tests.Cluster;

/// <summary>What renews the lease of a node, and what does not.</summary>
public sealed class LeaseKeepers : IDisposable
{
    private static readonly SiloAddress Self = TestTable.Silo(1), Other = TestTable.Silo(2);
    private static readonly TimeSpan Step = MembershipLease.Duration / 8;

    private readonly FakeTimeProvider _time = new();
    private readonly TestTable _table = new(Self, Other);
    private readonly Others _others = new();
    private readonly MembershipLease _lease;
    private readonly LeaseKeeper _keeper;

    public LeaseKeepers()
    {
        _lease = new MembershipLease(_time);
        _keeper = new LeaseKeeper(_lease, _table, _others, new Local(), new Lifetime(), Options.Create(new HostOptions()), _time, NullLogger<LeaseKeeper>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _keeper.Dispose();
        _lease.Dispose();
    }

    [Fact]
    public async Task A_read_that_has_the_node_as_a_member_renews_its_lease_after_any_silence()
    {
        await ReadAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_lease.IsHeld);
        await ReadAsync();
        Assert.True(_lease.IsHeld);
    }

    [Fact]
    public async Task A_read_that_has_the_node_as_lost_ends_its_lease()
    {
        await ReadAsync();
        await ChangeAsync(entry => Restoration.With(entry, SiloStatus.Dead, entry.IAmAliveTime));
        await ReadAsync();
        Assert.True(_lease.IsLost);
        Assert.False(_lease.IsHeld);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_store_is_away_another_node_renews_the_lease_if_it_has_the_node_as_a_member(bool confirms)
    {
        _others.Confirm = confirms;
        await ReadAsync();
        Tick(duration: 5 * MembershipLease.Duration);
        Assert.Equal(confirms, _lease.IsHeld);
    }

    // The other node may have been silent, too; and what it has could be as old as the silence.
    [Fact]
    public async Task After_a_silence_another_node_does_not_renew_the_lease()
    {
        await ReadAsync();
        _time.Advance(MembershipLease.Duration);
        Tick(duration: MembershipLease.Duration);
        Assert.False(_lease.IsHeld);
        Assert.Equal(0, _others.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_store_is_away_the_only_node_continues_unless_it_was_silent(bool wasSilent)
    {
        _others.Exist = false;
        await ReadAsync();
        if (wasSilent)
            _time.Advance(MembershipLease.Duration);
        Tick(duration: 5 * MembershipLease.Duration);
        Assert.Equal(!wasSilent, _lease.IsHeld);
    }

    [Fact]
    public async Task An_announced_loss_ends_the_renewal_and_nobody_else_is_asked()
    {
        await ReadAsync();
        await ChangeAsync(static entry => Restoration.With(entry, entry.Status, entry.IAmAliveTime, (entry.SiloAddress, DateTime.UnixEpoch)));
        await ReadAndTickAsync(MembershipLease.Duration);
        Assert.False(_lease.IsHeld);
        Assert.False(_lease.IsLost);
        Assert.Equal(0, _others.Asked);
    }

    // A vote of one node is no announcement: others may disagree.
    [Fact]
    public async Task A_suspicion_alone_does_not_end_the_renewal()
    {
        await ReadAsync();
        await ChangeAsync(entry => Restoration.With(entry, entry.Status, entry.IAmAliveTime, (Other, _time.GetUtcNow().UtcDateTime)));
        await ReadAndTickAsync(2 * MembershipLease.Duration);
        Assert.True(_lease.IsHeld);
    }

    [Fact]
    public async Task An_announced_loss_that_nobody_completes_is_withdrawn()
    {
        await ReadAsync();
        await ChangeAsync(static entry => Restoration.With(entry, entry.Status, entry.IAmAliveTime, (entry.SiloAddress, DateTime.UnixEpoch)));
        await ReadAndTickAsync(LeaseKeeper.AnnouncementLimit);
        Assert.False(_lease.IsHeld);
        await ReadAndTickAsync(2 * Step);
        Assert.True(_lease.IsHeld);
        Assert.False(AnnouncedLoss.IsAnnounced((await _table.ReadAllAsync(Token)).TryGet(Self)!.Item1));
    }

    private async Task ReadAsync()
    {
        var since = _time.GetTimestamp();
        await _keeper.AcceptAsync(since, await _table.ReadAllAsync(Token), Token);
    }

    private async Task ReadAndTickAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
        {
            _time.Advance(Step);
            await ReadAsync();
            _keeper.Tick(Token);
        }
    }

    private void Tick(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
        {
            _time.Advance(Step);
            _keeper.Tick(Token);
        }
    }

    private async Task ChangeAsync(Func<MembershipEntry, MembershipEntry> change)
    {
        var read = await _table.ReadAllAsync(Token);
        var (entry, etag) = read.TryGet(Self)!;
        Assert.True(await _table.UpdateRowAsync(change(entry), etag, read.Version.Next(), Token));
    }

    private sealed class Others : IOtherNodes
    {
        public bool Exist { get; set; } = true;

        public bool Confirm { get; set; } = true;

        public int Asked { get; private set; }

        public Task<bool> ConfirmAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(Confirm);
        }
    }

    private sealed class Local : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "cluster";

        public string DnsHostName => "host";

        public SiloAddress SiloAddress => Self;

        public SiloAddress GatewayAddress => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 0), 0);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
