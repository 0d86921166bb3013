using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Gateway.Tests;

/// <summary>Guessing is slowed down; whoever knows the key is not.</summary>
public sealed class Section1_2_Throttle : IAsyncLifetime
{
    private readonly Server _server = new(new Dictionary<string, string?> { ["Wharf:Auth:FailedLoginsPerMinute"] = "3" });

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Failures_are_told_to_wait_and_the_right_key_still_opens()
    {
        using var channel = _server.Connect();
        var config = new ConfigService.ConfigServiceClient(channel);
        for (int count = 0; count < 5; count++)
            await Failures.IsAsync(count < 3 ? StatusCode.Unauthenticated : StatusCode.ResourceExhausted, Call(LoginSchemes.PreSharedKey + " guess" + count));
        using var session = await _server.LoginAsync();
        for (int count = 0; count < 5; count++)
            await Failures.IsAsync(StatusCode.Unauthenticated, Call("Bearer stale"));
        AsyncUnaryCall<ConfigurationConstantsResponse> Call(string authorization) =>
            config.GetConfigurationConstantsAsync(new(), new Metadata { { "authorization", authorization } });
    }
}
