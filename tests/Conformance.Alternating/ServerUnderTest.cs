using Grpc.Net.Client;
using Wharf.Processes;

namespace Wharf.Conformance.Tests;

/// <summary>Two gateways in turn, and two silos behind them.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly FourProcesses _cluster;

    private ServerUnderTest(FourProcesses cluster) => _cluster = cluster;

    /// <summary>Why there is none on this machine.</summary>
    public static string? Missing => RedisServer.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true" ? null : "there is no redis-server on this machine";

    public static async Task<ServerUnderTest> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken) =>
        new(await FourProcesses.StartAsync(settings, cancellationToken));

    /// <summary>Connects to both gateways; each call takes the next.</summary>
    public GrpcChannel Connect() => GrpcChannel.ForAddress(
        _cluster.Gateways[0], new GrpcChannelOptions { HttpHandler = new Processes.Alternating([.. _cluster.Gateways]), DisposeHttpClient = true });

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
