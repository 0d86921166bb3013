using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Processes;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Xunit.v3;

// One server at a time: tests of real processes measure time, and the machine may be small.
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Wharf.Conformance.Tests;

/// <summary>A server for many tests; each test has sessions of its own.</summary>
public abstract class ConformanceServer : IAsyncLifetime
{
    public const string PskHeader = LoginSchemes.PreSharedKey + " " + ServerProcess.Psk;

    private IAsyncDisposable? _server;
    private GrpcChannel? _channel;

    public GrpcChannel Channel
    {
        get
        {
            Assert.SkipWhen(_channel is null, Missing ?? "the server did not start");
            return _channel!;
        }
    }

    /// <summary>The reason why the server cannot run on this machine, or null.</summary>
    protected virtual string? Missing => null;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        (_server, _channel) = await StartAsync(new Dictionary<string, string?> { ["Wharf__Auth__Anonymous"] = "true" }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
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

    /// <summary>Starts the server and connects to it.</summary>
    protected abstract Task<(IAsyncDisposable Server, GrpcChannel Channel)> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken);
}
