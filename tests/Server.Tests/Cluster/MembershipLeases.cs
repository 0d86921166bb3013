using Microsoft.Extensions.Time.Testing;
using Wharf.Grains;
using Wharf.Grains.Nodes;

namespace Wharf.Server.Tests.Cluster;

/// <summary>When a node may answer.</summary>
public sealed class MembershipLeases : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly MembershipLease _lease;

    public MembershipLeases() => _lease = new MembershipLease(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _lease.Dispose();

    [Fact]
    public async Task A_node_without_a_cluster_answers_after_any_silence()
    {
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(_lease.IsHeld);
        Assert.False(_lease.IsKept);
        await _lease.RequireAsync(Token);
    }

    [Fact]
    public void A_lease_runs_out_unless_it_is_renewed()
    {
        Renew();
        _time.Advance(MembershipLease.Duration - Moment);
        Assert.True(_lease.IsHeld);
        Renew();
        _time.Advance(MembershipLease.Duration - Moment);
        Assert.True(_lease.IsHeld);
        _time.Advance(Moment);
        Assert.False(_lease.IsHeld);
    }

    // The process stood still between the read and what it does with it.
    [Fact]
    public void A_read_from_before_a_silence_does_not_renew_the_lease()
    {
        Renew();
        var since = _time.GetTimestamp();
        _time.Advance(MembershipLease.Duration);
        _lease.Renew(since);
        Assert.False(_lease.IsHeld);
        Renew();
        Assert.True(_lease.IsHeld);
    }

    [Fact]
    public async Task A_call_after_a_silence_waits_for_the_lease()
    {
        Renew();
        _time.Advance(MembershipLease.Duration);
        var call = _lease.RequireAsync(Token).AsTask();
        Assert.False(call.IsCompleted);
        Renew();
        await call.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task A_call_whose_node_was_declared_lost_fails_and_no_read_helps()
    {
        Renew();
        _time.Advance(MembershipLease.Duration);
        var call = _lease.RequireAsync(Token).AsTask();
        _lease.Lose();
        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => call)).Fault.Code);
        Assert.True(_lease.Lost.IsCancellationRequested);
        Renew();
        Assert.False(_lease.IsHeld);
        Assert.False(await _lease.WhenDecidedAsync(Token));
    }

    [Fact]
    public async Task A_call_does_not_wait_longer_than_its_limit()
    {
        Renew();
        _time.Advance(MembershipLease.Duration);
        var call = _lease.RequireAsync(Token).AsTask();
        _time.Advance(MembershipLease.LongestWait - Moment);
        Assert.False(call.IsCompleted);
        _time.Advance(Moment);
        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => call)).Fault.Code);
    }

    private void Renew() => _lease.Renew(_time.GetTimestamp());
}
