using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Gateway.Tests;

/// <summary>Tests that an address with too many failed logins is refused for the rest of the minute.</summary>
public sealed class LoginThrottling : IAsyncLifetime
{
    private const int Limit = 3;

    private readonly Server _server = new(new Dictionary<string, string?> { ["Wharf:Auth:FailedLoginsPerMinute"] = $"{Limit}" });

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_login_beyond_the_limit_is_refused_without_a_check()
    {
        using var channel = _server.Connect();
        var config = new ConfigService.ConfigServiceClient(channel);
        using var session = await _server.LoginAsync();
        for (int count = 0; count < Limit; count++)
            await Failures.IsAsync(StatusCode.Unauthenticated, Call(LoginSchemes.PreSharedKey + " guess" + count));

        await Failures.IsAsync(StatusCode.ResourceExhausted, Call(LoginSchemes.PreSharedKey + " one more guess"));
        await Failures.IsAsync(StatusCode.ResourceExhausted, Call(Server.PskHeader));

        // Open sessions and expired tokens are not login attempts.
        await session.EmptyTableAsync(1, 1);
        for (int count = 0; count < Limit + 1; count++)
            await Failures.IsAsync(StatusCode.Unauthenticated, Call("Bearer stale"));
        AsyncUnaryCall<ConfigurationConstantsResponse> Call(string authorization) =>
            config.GetConfigurationConstantsAsync(new(), new Metadata { { "authorization", authorization } });
    }

    [Fact]
    public async Task The_audit_log_has_one_line_per_window_beyond_the_limit()
    {
        using var channel = _server.Connect();
        var config = new ConfigService.ConfigServiceClient(channel);
        for (int count = 0; count < Limit + 20; count++)
        {
            var call = config.GetConfigurationConstantsAsync(new(), new Metadata { { "authorization", LoginSchemes.PreSharedKey + " guess" } });
            await Failures.IsAsync(count < Limit ? StatusCode.Unauthenticated : StatusCode.ResourceExhausted, call);
        }

        var warnings = _server.Log.Lines.Where(line => line is { Category: "Wharf.Audit", Level: LogLevel.Warning }).Select(line => line.Text).ToList();
        Assert.Equal(Limit + 1, warnings.Count);
        Assert.Contains("Too many failed logins", warnings[^1], StringComparison.Ordinal);
    }
}
