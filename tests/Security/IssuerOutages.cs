using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wharf.Client;
using Wharf.Gateway.Authentication;
using Wharf.Grains;

namespace Wharf.Security;

/// <summary>The keys of an issuer: replaced, away, and back.</summary>
public sealed class IssuerOutages
{
    private static readonly IssuerKeys First = new("issuer", []);
    private static readonly IssuerKeys Second = new("issuer again", []);

    private readonly FakeTimeProvider _time = new();
    private readonly JwtOptions _options = new();
    private readonly ConcurrentQueue<Func<CancellationToken, Task<IssuerKeys>>> _answers = new();
    private int _readings;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logins_share_one_reading_and_use_its_keys_for_an_hour()
    {
        var answer = new TaskCompletionSource<IssuerKeys>(TaskCreationOptions.RunContinuationsAsynchronously);
        var cache = Cache(_ => answer.Task, _ => Task.FromResult(Second));
        var logins = Enumerable.Range(0, 10).Select(_ => cache.GetAsync(Cancelled).AsTask()).ToArray();
        answer.SetResult(First);

        Assert.All(await Task.WhenAll(logins), static keys => Assert.Same(First, keys));
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Same(First, await cache.GetAsync(Cancelled));
        Assert.Equal(1, _readings);
        // The login that finds the keys too old does not wait for newer ones.
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(First, await cache.GetAsync(Cancelled));
        await UntilAsync(async () => await cache.GetAsync(Cancelled) == Second);
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task A_login_without_keys_fails_as_unavailable_and_tries_again_after_a_pause()
    {
        var cache = Cache(Unreachable, _ => Task.FromResult(First));

        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => cache.GetAsync(Cancelled).AsTask())).Fault.Code);
        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => cache.GetAsync(Cancelled).AsTask())).Fault.Code);
        Assert.Equal(1, _readings);
        _time.Advance(IssuerKeyCache.RetryDelay);
        Assert.Same(First, await cache.GetAsync(Cancelled));
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_is_given_up_after_the_time_limit()
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cache = Cache(async stopped =>
        {
            isAsked.SetResult();
            await Task.Delay(Timeout.Infinite, stopped);
            return First;
        });
        var login = cache.GetAsync(Cancelled).AsTask();
        await isAsked.Task;
        Assert.False(login.IsCompleted);
        _time.Advance(_options.RequestTimeout);

        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => login)).Fault.Code);
    }

    [Fact]
    public async Task A_client_that_leaves_does_not_end_the_reading_of_the_others()
    {
        using var leaving = new CancellationTokenSource();
        var answer = new TaskCompletionSource<IssuerKeys>(TaskCreationOptions.RunContinuationsAsynchronously);
        var cache = Cache(_ => answer.Task);
        var first = cache.GetAsync(leaving.Token).AsTask();
        var other = cache.GetAsync(Cancelled).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(First);

        Assert.Same(First, await other);
    }

    [Fact]
    public async Task Keys_are_used_for_a_day_while_the_issuer_is_away()
    {
        var cache = Cache(_ => Task.FromResult(First));
        Assert.Same(First, await cache.GetAsync(Cancelled));
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Same(First, await cache.GetAsync(Cancelled));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => cache.GetAsync(Cancelled).AsTask())).Fault.Code);
    }

    [Fact]
    public async Task Unknown_keys_cause_a_reading_every_30_seconds_at_most()
    {
        var cache = Cache(_ => Task.FromResult(First), _ => Task.FromResult(Second));
        Assert.Same(First, await cache.GetAsync(Cancelled));
        for (int attempt = 0; attempt < 100; attempt++)
            Assert.Null(await cache.RefreshAsync(First, Cancelled));
        Assert.Equal(1, _readings);
        _time.Advance(IssuerKeyCache.ShortestRefresh);

        Assert.Same(Second, await cache.RefreshAsync(First, Cancelled));
        Assert.Same(Second, await cache.RefreshAsync(First, Cancelled));
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task An_issuer_is_found_by_its_document_and_its_outage_refuses_new_logins_only()
    {
        using var issuer = new TestIssuer();
        await using var site = await IssuerSite.StartAsync(issuer);
        await using var server = await GuardedServer.StartAsync(options =>
        {
            options.Settings["Wharf:Auth:Jwt:Authority"] = site.Address;
            options.Settings["Wharf:Auth:Jwt:Audiences:0"] = TestIssuer.Audience;
        });
        site.IsAway = true;
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(issuer.Token("ann"))).StatusCode);

        // The pause after a failure is over for another server: the clock of this one cannot be moved.
        await using var second = await GuardedServer.StartAsync(options =>
        {
            options.Settings["Wharf:Auth:Jwt:Authority"] = site.Address;
            options.Settings["Wharf:Auth:Jwt:Audiences:0"] = TestIssuer.Audience;
        });
        site.IsAway = false;
        await using var session = await second.ConnectAsync(Credentials.Token(issuer.Token("ann")));
        await using var also = await second.ConnectAsync(Credentials.Custom("io.deephaven.authentication.oidc.OidcAuthenticationHandler", issuer.Token("ann")));
        site.IsAway = true;
        await session.EmptyTableAsync(1, Cancelled);
        await using var known = await second.ConnectAsync(Credentials.Token(issuer.Token("bob")));

        async Task<RpcException> RefusedAsync(string token) =>
            await Assert.ThrowsAnyAsync<RpcException>(() => server.ConnectAsync(Credentials.Token(token)));
    }

    private IssuerKeyCache Cache(params Func<CancellationToken, Task<IssuerKeys>>[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
        return new IssuerKeyCache(
            stopped =>
            {
                Interlocked.Increment(ref _readings);
                return _answers.TryDequeue(out var answer) ? answer(stopped) : Unreachable(stopped);
            },
            _options, _time, NullLogger.Instance);
    }

    private static Task<IssuerKeys> Unreachable(CancellationToken cancellationToken) => Task.FromException<IssuerKeys>(new HttpRequestException("nobody answers"));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(1, Cancelled);
    }

    /// <summary>The documents of an issuer, on a port of the loopback address.</summary>
    private sealed class IssuerSite(WebApplication app) : IAsyncDisposable
    {
        public bool IsAway { get; set; }

        public string Address => app.Urls.Single();

        public static async Task<IssuerSite> StartAsync(TestIssuer issuer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var site = new IssuerSite(app);
            app.Use(next => call => site.IsAway ? Refuse(call) : next(call));
            app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = TestIssuer.Name, jwks_uri = site.Address + "/keys" }));
            app.MapGet("/keys", () => Results.Text(issuer.KeySet, "application/json"));
            await app.StartAsync(Cancelled);
            return site;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private static Task Refuse(HttpContext call)
        {
            call.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }
    }
}
