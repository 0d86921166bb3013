using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Conformance.Tests;
using Wharf.Processes;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;

[assembly: AssemblyFixture(typeof(ConformanceServer))]

namespace Wharf.Conformance.Tests;

/// <summary>One server for all tests; each test has sessions of its own.</summary>
public sealed class ConformanceServer : IAsyncLifetime
{
    public const string PskHeader = LoginSchemes.PreSharedKey + " " + ServerProcess.Psk;

    private ServerUnderTest? _server;
    private GrpcChannel? _channel;

    public GrpcChannel Channel
    {
        get
        {
            Assert.SkipWhen(_channel is null, ServerUnderTest.Missing ?? "the server did not start");
            return _channel!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (ServerUnderTest.Missing is not null)
            return;
        _server = await ServerUnderTest.StartAsync(new Dictionary<string, string?> { ["Wharf__Auth__Anonymous"] = "true" }, TestContext.Current.CancellationToken);
        _channel = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Logs in with the header that a client would send.</summary>
    public async Task<Session> LoginAsync(string authorization = PskHeader)
    {
        var call = new ConfigService.ConfigServiceClient(Channel).GetConfigurationConstantsAsync(new ConfigurationConstantsRequest(), new Metadata { { "authorization", authorization } });
        await call;
        return new Session(Channel, (await call.ResponseHeadersAsync).GetValue("authorization")!);
    }
}
