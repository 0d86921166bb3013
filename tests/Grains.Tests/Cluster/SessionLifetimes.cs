using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;
using Wharf.Tables;

namespace Wharf.Grains.Tests.Cluster;

[Collection(nameof(TestCluster))]
public sealed class SessionLifetimes(TestCluster cluster)
{
    [Fact]
    public async Task A_token_is_replaced_once_a_fifth_of_its_life_has_passed()
    {
        var session = await cluster.LoginAsync();
        var first = await session.Grain.TouchAsync();
        Assert.Equal(300_000, first.DeadlineMilliseconds - first.IssuedMilliseconds);
        cluster.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(first, await session.Grain.TouchAsync());
        cluster.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await session.Grain.TouchAsync();
        Assert.Equal((first.IssuedMilliseconds + 60_000, first.DeadlineMilliseconds + 60_000), (second.IssuedMilliseconds, second.DeadlineMilliseconds));
    }

    [Fact]
    public async Task Work_is_a_touch_too()
    {
        var session = await cluster.LoginAsync();
        var first = await session.Grain.TouchAsync();
        cluster.Time.Advance(TimeSpan.FromSeconds(60));
        var submitted = await session.Grain.SubmitAsync(new TableWork(1, [], new PortableOperation(new EmptyTable(1))));
        Assert.Equal(first.IssuedMilliseconds + 60_000, submitted.Session!.IssuedMilliseconds);
    }

    [Fact]
    public async Task A_session_ends_by_itself_when_its_newest_token_runs_out()
    {
        var session = await cluster.LoginAsync(TimeSpan.FromSeconds(10));
        var reference = await session.AdoptAsync(1);
        cluster.Time.Advance(TimeSpan.FromSeconds(5));
        await session.Grain.TouchAsync();
        cluster.Time.Advance(TimeSpan.FromSeconds(6));
        await session.Grain.TouchAsync();
        cluster.Time.Advance(TimeSpan.FromSeconds(10));
        await cluster.World.UntilHeldBy(reference);
        Assert.Equal(SessionEndReason.Expired, await session.Grain.AwaitEndAsync());
        Assert.Equal(Fault.NoSession, await session.RefusedAsync(grain => grain.TouchAsync()));
    }

    [Fact]
    public async Task Nobody_but_a_login_makes_a_session()
    {
        var session = new SessionUnderTest(cluster, "nobody", cluster.Session("nobody"));
        Assert.Equal(Fault.NoSession, await session.RefusedAsync(grain => grain.TouchAsync()));
        Assert.Equal(Fault.NoSession, await session.RefusedAsync(grain => grain.SubmitAsync(new ReferenceWork(1, "export/2"))));
        Assert.Equal(Fault.NoSession, await session.RefusedAsync(grain => grain.ReleaseAsync(1)));
        Assert.Equal(Fault.NoSession, await session.RefusedAsync(grain => grain.PullNotificationsAsync("a", 0)));
        Assert.Equal(SessionEndReason.Unknown, await session.Grain.AwaitEndAsync());
        await session.Grain.CloseAsync(SessionEndReason.Closed);
        Assert.Null(await cluster.Grains.LookupAsync("export/nobody/1"));
    }

    [Fact]
    public async Task A_session_id_is_used_once()
    {
        var session = await cluster.LoginAsync();
        var again = new SessionLogin(new CallerIdentity("other", session.Id, "test"), "there", TimeSpan.FromMinutes(1));
        Assert.Equal(FaultCode.AlreadyExists, (await session.RefusedAsync(grain => grain.LoginAsync(again))).Code);
    }

    [Fact]
    public async Task A_waiter_receives_the_reason_of_the_end()
    {
        var session = await cluster.LoginAsync();
        var end = session.Grain.AwaitEndAsync();
        await session.Grain.CloseAsync(SessionEndReason.Closed);
        Assert.Equal(SessionEndReason.Closed, await end);
        Assert.Equal(SessionEndReason.Closed, await session.Grain.AwaitEndAsync());
        Assert.Equal(Fault.NoSession, await session.RefusedAsync(grain => grain.TouchAsync()));
    }

    [Fact]
    public async Task Some_time_after_its_end_a_session_never_was()
    {
        var session = await cluster.LoginAsync();
        await session.Grain.CloseAsync(SessionEndReason.Closed);
        cluster.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.NotNull(await session.Grain.AwaitEndAsync());
    }
}

public sealed class TokenLifetimes
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void A_session_expires_at_its_deadline_and_not_before()
    {
        var clock = new TokenClock(TimeSpan.FromSeconds(10), Start);
        Assert.False(clock.HasExpired(Start.AddSeconds(10).AddTicks(-1)));
        Assert.True(clock.HasExpired(Start.AddSeconds(10)));
    }

    [Fact]
    public void Calls_sooner_than_a_fifth_of_the_life_extend_nothing()
    {
        var clock = new TokenClock(TimeSpan.FromSeconds(10), Start);
        Assert.False(clock.Touch(Start.AddSeconds(1.9)));
        Assert.Equal(Start.AddSeconds(10), clock.Deadline);
        Assert.True(clock.Touch(Start.AddSeconds(2)));
        Assert.Equal(Start.AddSeconds(12), clock.Deadline);
    }

    [Fact]
    public void No_use_extends_a_session_past_its_end()
    {
        var clock = new TokenClock(TimeSpan.FromSeconds(10), Start, Start.AddSeconds(13));
        Assert.Equal(Start.AddSeconds(10), clock.Deadline);
        Assert.True(clock.Touch(Start.AddSeconds(2)));
        Assert.Equal(Start.AddSeconds(12), clock.Deadline);
        Assert.True(clock.Touch(Start.AddSeconds(9)));
        Assert.Equal(Start.AddSeconds(13), clock.Deadline);
        Assert.False(clock.HasExpired(Start.AddSeconds(13).AddTicks(-1)));
        Assert.True(clock.HasExpired(Start.AddSeconds(13)));
    }

    [Fact]
    public void A_session_whose_end_is_past_has_expired()
    {
        Assert.True(new TokenClock(TimeSpan.FromSeconds(10), Start.AddYears(1), DateTimeOffset.MinValue).HasExpired(Start.AddYears(1)));
    }
}

public sealed class SessionQuotaTests
{
    private readonly SessionQuota _quota = new(Microsoft.Extensions.Options.Options.Create(new SessionOptions { MaxSessions = 3, MaxSessionsPerAddress = 2 }));

    [Fact]
    public void Sessions_are_limited_by_address_and_in_all()
    {
        _quota.Enter("a");
        _quota.Enter("a");
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => _quota.Enter("a")).Fault.Code);
        _quota.Enter("b");
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => _quota.Enter("c")).Fault.Code);
        _quota.Leave("a");
        _quota.Enter("c");
        Assert.Equal(3, _quota.Count);
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        var result = new SessionOptionsValidator().Validate(null, new SessionOptions { MaxLiveExports = 0, UndefinedExportWait = TimeSpan.Zero });
        Assert.Contains(result.Failures!, failure => failure.Contains("MaxLiveExports", StringComparison.Ordinal));
        Assert.Contains(result.Failures!, failure => failure.Contains("UndefinedExportWait", StringComparison.Ordinal));
        Assert.True(new SessionOptionsValidator().Validate(null, new SessionOptions()).Succeeded);
    }
}
