using Grpc.Core;
using Wharf.Client;

namespace Wharf.Security;

/// <summary>A key that can be guessed opens the server to its own machine only. The server is behind a proxy that it trusts, so that a test can be another machine.</summary>
public sealed class ShortKeys
{
    private const string Short = "fifteen letters";
    private const string Long = "sixteen letters.";

    [Theory]
    [InlineData(Short, null, true)]
    [InlineData(Short, "127.0.0.1", true)]
    [InlineData(Short, "192.0.2.7", false)]
    [InlineData(Short, "2001:db8::7", false)]
    [InlineData(Long, "192.0.2.7", true)]
    public async Task A_key_of_fewer_than_16_characters_is_accepted_from_loopback_addresses_only(string key, string? forwarded, bool isAccepted)
    {
        await using var server = await GuardedServer.StartAsync(options =>
        {
            options.PreSharedKey = key;
            options.Settings["Wharf:Auth:TrustedProxies:0"] = "127.0.0.1";
        });
        using var channel = server.OpenChannel();
        var headers = new Metadata { { "authorization", $"{Protocol.LoginSchemes.PreSharedKey} {key}" } };
        if (forwarded is not null)
            headers.Add("x-forwarded-for", forwarded);

        var failure = await Record.ExceptionAsync(async () => await new Protocol.Grpc.ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(
            new Protocol.Grpc.ConfigurationConstantsRequest(), headers, cancellationToken: GuardedServer.Cancelled));

        if (isAccepted)
            Assert.Null(failure);
        else
            Assert.Equal((StatusCode.Unauthenticated, "Authentication details invalid"), (((RpcException)failure!).StatusCode, ((RpcException)failure).Status.Detail));
    }
}
