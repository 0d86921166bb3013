using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Wharf.Grains.Nodes;
using Wharf.Server.Cluster;
using Wharf.Server.Cluster.Store;

namespace Wharf.Server.Tests.Cluster;

/// <summary>How other nodes declare a node lost.</summary>
public sealed class DeclaredLosses
{
    private static readonly SiloAddress Self = TestTable.Silo(1), Lost = TestTable.Silo(2);

    private readonly FakeTimeProvider _time = new();
    private readonly TestTable _table = new(Self, Lost);
    private readonly EndedProcesses _gone = new();
    private readonly StoreState _state = new();
    private readonly PendingLosses _unwritten;

    public DeclaredLosses() => _unwritten = new PendingLosses(_gone, _state, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_is_lost_only_after_the_lease_of_its_last_read_has_run_out()
    {
        using var lease = new MembershipLease(_time);
        lease.Renew(_time.GetTimestamp());
        var wasHeld = new List<(SiloStatus Status, bool IsHeld)>();
        _table.Changed = entry => wasHeld.Add((entry.Status, lease.IsHeld));
        var declared = new AnnouncedLoss(_table, _time).DeclareAsync(TestTable.Entry(Lost, SiloStatus.Dead), Token);
        Assert.True(AnnouncedLoss.IsAnnounced((await _table.ReadAllAsync(Token)).TryGet(Lost)!.Item1));
        _time.Advance(MembershipLease.Duration);
        Assert.Equal(SiloStatus.Active, _table.StatusOf(Lost));
        _time.Advance(MembershipLease.Duration);
        Assert.True(await declared.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Equal([(SiloStatus.Active, true), (SiloStatus.Dead, false)], wasHeld);
    }

    [Fact]
    public async Task A_withdrawn_announcement_is_not_completed()
    {
        var declared = new AnnouncedLoss(_table, _time).DeclareAsync(TestTable.Entry(Lost, SiloStatus.Dead), Token);
        var read = await _table.ReadAllAsync(Token);
        var (entry, etag) = read.TryGet(Lost)!;
        Assert.True(await _table.UpdateRowAsync(AnnouncedLoss.Withdraw(entry), etag, read.Version.Next(), Token));
        _time.Advance(2 * MembershipLease.Duration);
        Assert.False(await declared.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Equal(SiloStatus.Active, _table.StatusOf(Lost));
    }

    [Fact]
    public async Task Two_nodes_that_declare_the_same_loss_agree()
    {
        var declared = new[] { DeclareAsync(), DeclareAsync() };
        _time.Advance(2 * MembershipLease.Duration);
        await Task.WhenAll(declared).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(SiloStatus.Dead, _table.StatusOf(Lost));

        Task<bool> DeclareAsync() => new AnnouncedLoss(_table, _time).DeclareAsync(TestTable.Entry(Lost, SiloStatus.Dead), Token);
    }

    [Fact]
    public async Task Without_the_store_a_node_whose_process_is_gone_is_lost_and_written_when_the_store_answers()
    {
        var last = await _table.ReadAllAsync(Token);
        _table.IsAway = true;
        _state.Disconnect("away");
        _gone.Add(Lost);
        Assert.Same(last, await ReadAsync(last));
        Assert.True(await _unwritten.DeclareAsync(Lost, WriteAsync, Token));
        Assert.Equal(SiloStatus.Active, _table.StatusOf(Lost));

        _table.IsAway = false;
        _state.Reconnect();
        var written = await _unwritten.WriteAsync(_table, await _table.ReadAllAsync(Token), Self, Token);
        Assert.Equal(SiloStatus.Dead, written.TryGet(Lost)!.Item1.Status);
        Assert.Equal(SiloStatus.Active, written.TryGet(Self)!.Item1.Status);
        Assert.Equal(last.Version.Version + 1, written.Version.Version);
    }

    [Fact]
    public async Task Without_the_store_a_node_that_only_does_not_answer_is_not_lost()
    {
        var last = await _table.ReadAllAsync(Token);
        _table.IsAway = true;
        _state.Disconnect("away");
        await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync(last));
    }

    [Fact]
    public async Task With_the_store_the_loss_of_a_node_whose_process_is_gone_is_written_at_once()
    {
        _gone.Add(Lost);
        Assert.True(await _unwritten.DeclareAsync(Lost, WriteAsync, Token));
        Assert.Equal(SiloStatus.Dead, _table.StatusOf(Lost));
    }

    private async Task<MembershipTableData> ReadAsync(MembershipTableData last)
    {
        var read = _unwritten.ReadAsync(last, token => _table.ReadAllAsync(token), Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        return await read;
    }

    private async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        var read = await _table.ReadAllAsync(cancellationToken);
        return await _table.UpdateRowAsync(TestTable.Entry(Lost, SiloStatus.Dead), read.TryGet(Lost)!.Item2, read.Version.Next(), cancellationToken);
    }
}
