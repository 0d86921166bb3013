using Grpc.Net.Client;
using Wharf.Processes;

namespace Wharf.Conformance.Tests;

/// <summary>One server that is everything.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly ServerProcess _server;

    private ServerUnderTest(ServerProcess server) => _server = server;

    /// <summary>Why there is none on this machine: it is always there.</summary>
    public static string? Missing => null;

    public static async Task<ServerUnderTest> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken) =>
        new(await ServerProcess.StartAsync(settings, cancellationToken));

    /// <summary>Connects to it. A cookie that the server sets must not come back by itself.</summary>
    public GrpcChannel Connect() => GrpcChannel.ForAddress(
        _server.Address, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseCookies = false, EnableMultipleHttp2Connections = true } });

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
