using Grpc.Net.Client;
using Wharf.Processes;

namespace Wharf.Conformance.Tests;

/// <summary>One process that is silo and gateway.</summary>
[CollectionDefinition(nameof(SingleServer))]
public sealed class SingleServer : ConformanceServer, ICollectionFixture<SingleServer>
{
    protected override async Task<(IAsyncDisposable Server, GrpcChannel Channel)> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var server = await ServerProcess.StartAsync(settings, cancellationToken);

        // The client must not return a cookie that the server sets.
        var handler = new SocketsHttpHandler { UseCookies = false, EnableMultipleHttp2Connections = true };
        return (server, GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { HttpHandler = handler }));
    }
}
