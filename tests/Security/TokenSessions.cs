using Grpc.Core;
using Wharf.Client;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Security;

/// <summary>Sessions that tokens of an issuer made, at the server.</summary>
public sealed class TokenSessions : IAsyncLifetime
{
    private readonly TestIssuer _issuer = new();
    private GuardedServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await GuardedServer.StartAsync(options =>
    {
        _issuer.Accept(options.Settings);
        options.Settings["Wharf:Auth:Jwt:ClockSkew"] = "00:00:00";
        options.Settings["Wharf:Auth:FailedLoginsPerMinute"] = "3";
    });

    [Fact]
    public async Task A_session_ends_with_the_token_of_its_login()
    {
        await using var longer = await LoginAsync(_issuer.Token("ann"));
        await using var shorter = await LoginAsync(_issuer.Token("ann", change: static token => token.Expires = DateTime.UtcNow.AddSeconds(2)));
        await shorter.EmptyTableAsync(1, Cancelled);

        var ended = await Assert.ThrowsAnyAsync<RpcException>(async () =>
        {
            while (true)
                await (await shorter.EmptyTableAsync(1, Cancelled)).ReleaseAsync(Cancelled);
        });
        Assert.Equal(StatusCode.Unauthenticated, ended.StatusCode);
        await longer.EmptyTableAsync(1, Cancelled);
    }

    [Fact]
    public async Task Bad_tokens_count_as_failed_logins_and_old_tokens_of_sessions_do_not()
    {
        for (int attempt = 0; attempt < 5; attempt++)
            Assert.Equal(StatusCode.Unauthenticated, (await CallAsync("Bearer w1.from-an-earlier-life-of-the-server")).StatusCode);
        await using (await LoginAsync(_issuer.Token("ann")))
        {
        }

        for (int attempt = 0; attempt < 3; attempt++)
        {
            var refused = await CallAsync("Bearer " + _issuer.Token("ann", change: static token => token.Audience = "another"));
            Assert.Equal((StatusCode.Unauthenticated, "Authentication details invalid"), (refused.StatusCode, refused.Status.Detail));
        }

        // Both words of the scheme have one count, and a good token is refused, too.
        Assert.Equal(StatusCode.ResourceExhausted, (await CallAsync("Bearer " + _issuer.Token("ann"))).StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, (await CallAsync("io.deephaven.authentication.oidc.OidcAuthenticationHandler " + _issuer.Token("ann"))).StatusCode);
        await using (await _server.ConnectAsync())
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _issuer.Dispose();
    }

    private Task<Session> LoginAsync(string token) => _server.ConnectAsync(Credentials.Token(token));

    private async Task<RpcException> CallAsync(string authorization)
    {
        using var channel = _server.OpenChannel();
        return await Assert.ThrowsAnyAsync<RpcException>(async () => await new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(
            new(), new Metadata { { "authorization", authorization } }, cancellationToken: Cancelled));
    }
}
