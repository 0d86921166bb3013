using Grpc.Net.Client;
using Wharf.Processes;

namespace Wharf.Conformance.Tests;

/// <summary>A cluster of two silos and two gateways. Each call uses another gateway than the call before it.</summary>
[CollectionDefinition(nameof(AlternatingGateways))]
public sealed class AlternatingGateways : ConformanceServer, ICollectionFixture<AlternatingGateways>
{
    protected override string? Missing =>
        RedisServer.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true" ? null : "there is no redis-server on this machine";

    protected override async Task<(IAsyncDisposable Server, GrpcChannel Channel)> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var cluster = await FourProcesses.StartAsync(settings, cancellationToken);
        var handler = new Processes.Alternating([.. cluster.Gateways]);
        return (cluster, GrpcChannel.ForAddress(cluster.Gateways[0], new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }));
    }
}
