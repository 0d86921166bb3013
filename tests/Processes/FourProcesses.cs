namespace Wharf.Processes;

/// <summary>
/// A cluster of two silos and two gateways that have none, with a Redis of its own, for tests of what one server does, too. The first silo alone has plugins, so that named objects
/// are on another node than whatever a test's session is, or is not.
/// </summary>
public sealed class FourProcesses : IAsyncDisposable
{
    private readonly RedisServer _redis;
    private readonly DirectoryInfo _noPlugins = Directory.CreateTempSubdirectory("wharf-no-plugins-");
    private readonly List<ServerProcess> _silos = [];
    private readonly List<ServerProcess> _gateways = [];

    private FourProcesses(RedisServer redis) => _redis = redis;

    /// <summary>Where clients come in.</summary>
    public IReadOnlyList<Uri> Gateways => [.. _gateways.Select(static gateway => gateway.Address)];

    /// <summary>Starts them.</summary>
    /// <param name="settings">What every process is told, beside its part in the cluster.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FourProcesses> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var cluster = new FourProcesses(await RedisServer.StartAsync(cancellationToken));
        try
        {
            cluster._silos.Add(await cluster.StartSiloAsync(settings, [], cancellationToken));
            var second = cluster.StartSiloAsync(settings, new() { ["Wharf__Plugins__Folder"] = cluster._noPlugins.FullName }, cancellationToken);
            var gateways = new[] { cluster.StartGatewayAsync(settings, cancellationToken), cluster.StartGatewayAsync(settings, cancellationToken) };
            await Task.WhenAll(gateways.Append(second));
            cluster._silos.Add(await second);
            cluster._gateways.AddRange(await Task.WhenAll(gateways));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _gateways.Concat(_silos))
            await server.DisposeAsync();
        await _redis.DisposeAsync();
        _noPlugins.Delete();
    }

    private Task<ServerProcess> StartSiloAsync(IReadOnlyDictionary<string, string?> settings, Dictionary<string, string?> more, CancellationToken cancellationToken)
    {
        more["Wharf__Role"] = "silo";
        more["Wharf__Cluster__SiloPort"] = $"{FreePort.Take()}";
        more["Wharf__Node__ClientPort"] = $"{FreePort.Take()}";
        return StartNodeAsync(settings, more, cancellationToken);
    }

    private Task<ServerProcess> StartGatewayAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken) =>
        StartNodeAsync(settings, new() { ["Wharf__Role"] = "gateway" }, cancellationToken);

    private Task<ServerProcess> StartNodeAsync(IReadOnlyDictionary<string, string?> settings, Dictionary<string, string?> more, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, string?>(settings)
        {
            ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
            ["Wharf__Cluster__Redis"] = $"127.0.0.1:{_redis.Port}",
        };
        foreach (var (name, value) in more)
            all[name] = value;
        return ServerProcess.StartAsync(all, cancellationToken);
    }
}
