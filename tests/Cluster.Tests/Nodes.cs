using System.Collections.Concurrent;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>Two real servers and a real Redis on loopback, started in the same moment unless a test wants one of them first.</summary>
public class Nodes : IAsyncLifetime
{
    private readonly bool _behindGateways;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly List<ServerProcess> _more = [];
    private readonly ConcurrentDictionary<ServerProcess, (int Silo, int Client)> _ports = new();
    private RedisServer? _redis;

    public Nodes()
    {
    }

    /// <summary>Chooses whether the nodes are silos, and clients come by two gateways that have none.</summary>
    protected Nodes(bool behindGateways) => _behindGateways = behindGateways;

    /// <summary>Where clients come in: a node, or a gateway.</summary>
    public ServerProcess A { get; private set; } = null!;

    /// <summary>The other place where clients come in.</summary>
    public ServerProcess B { get; private set; } = null!;

    /// <summary>The store of the cluster.</summary>
    public RedisServer Redis => _redis ?? throw new InvalidOperationException("the cluster has not started");

    /// <summary>Settings of every node, beside those that make it one.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Settings of <see cref="HomeB"/> alone, which go before those of every node.</summary>
    public Dictionary<string, string?> SettingsOfB { get; } = new()
    {
        ["Wharf__Plugins__Folder"] = Path.Combine(AppContext.BaseDirectory, "plugins"),
        ["Wharf__Fields__relay__Type"] = "Relay",
    };

    /// <summary>Where objects live: <see cref="A"/> itself, or a silo.</summary>
    public ServerProcess HomeA { get; private set; } = null!;

    /// <summary>The other home, which alone has the plugin of <c>relay</c>.</summary>
    public ServerProcess HomeB { get; private set; } = null!;

    /// <summary>Whether clients come by gateways without silos.</summary>
    public bool AreBehindGateways => _behindGateways;

    /// <summary>Without Redis the test is skipped; where the build runs it has to be there.</summary>
    public static void Require()
    {
        if (!RedisServer.IsInstalled && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("there is no redis-server on this machine");
        Assert.True(RedisServer.IsInstalled, "there is no redis-server on this machine");
    }

    /// <summary>Starts everything, both nodes at once.</summary>
    public async ValueTask InitializeAsync()
    {
        if (!RedisServer.IsInstalled)
            return;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        _redis = await RedisServer.StartAsync(patience.Token);
        var starting = new[] { StartHomeAAsync(patience.Token), StartHomeBAsync(patience.Token), StartGatewaysAsync(patience.Token) };
        await Task.WhenAll(starting);
    }

    /// <summary>Starts everything, one node after the other.</summary>
    public async Task StartInOrderAsync(bool aIsFirst, CancellationToken cancellationToken)
    {
        _redis = await RedisServer.StartAsync(cancellationToken);
        await (aIsFirst ? StartHomeAAsync(cancellationToken) : StartHomeBAsync(cancellationToken));
        await (aIsFirst ? StartHomeBAsync(cancellationToken) : StartHomeAAsync(cancellationToken));
        await StartGatewaysAsync(cancellationToken);
    }

    /// <summary>Starts a node like <see cref="HomeB"/>, at another address.</summary>
    public Task<ServerProcess> StartAnotherBAsync(CancellationToken cancellationToken) => StartHomeAsync(SettingsOfB, cancellationToken);

    /// <summary>Logs in so that the session lives where the test wants it: behind a gateway without a silo it may be anywhere.</summary>
    public async Task<Session> LoginAsync(ServerProcess door, ServerProcess home, CancellationToken cancellationToken)
    {
        await using var inside = await LookInsideAsync(cancellationToken);
        while (true)
        {
            var session = await door.LoginAsync(cancellationToken);
            var shared = await session.PublishAsync((await session.EmptyTableAsync(0, cancellationToken)).Ticket, cancellationToken);
            if (await inside.SiloPortOfAsync(shared, cancellationToken) == SiloPortOf(home))
                return session;
            await session.DisposeAsync();
        }
    }

    /// <summary>Looks at the cluster from the inside.</summary>
    public Task<ClusterInspection> LookInsideAsync(CancellationToken cancellationToken) => ClusterInspection.ConnectAsync(_id, _ports.Values.Select(static ports => ports.Client), cancellationToken);

    /// <summary>The port by which other nodes know a node.</summary>
    public int SiloPortOf(ServerProcess home) => _ports[home].Silo;

    /// <summary>Starts one more gateway without a silo.</summary>
    public async Task<ServerProcess> StartGatewayAsync(CancellationToken cancellationToken)
    {
        var gateway = await StartAsync(new Dictionary<string, string?> { ["Wharf__Role"] = "gateway" }, cancellationToken);
        lock (_more)
            _more.Add(gateway);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _more.Concat([HomeA, HomeB]))
            if (server is not null)
                await server.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string?> more, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
            ["Wharf__Cluster__Redis"] = $"127.0.0.1:{_redis!.Port}",
            ["Wharf__Cluster__Id"] = _id,
        };
        foreach (var (name, value) in Settings.Concat(more))
            settings[name] = value;
        return ServerProcess.StartAsync(settings, cancellationToken);
    }

    private async Task<ServerProcess> StartHomeAsync(IReadOnlyDictionary<string, string?> more, CancellationToken cancellationToken)
    {
        var ports = (Silo: FreePort.Take(), Client: FreePort.Take());
        var settings = new Dictionary<string, string?>(more)
        {
            ["Wharf__Cluster__SiloPort"] = $"{ports.Silo}",
            ["Wharf__Node__ClientPort"] = $"{ports.Client}",
        };
        if (_behindGateways)
            settings["Wharf__Role"] = "silo";
        var home = await StartAsync(settings, cancellationToken);
        _ports[home] = ports;
        return home;
    }

    private async Task StartHomeAAsync(CancellationToken cancellationToken)
    {
        HomeA = await StartHomeAsync(new Dictionary<string, string?>(), cancellationToken);
        if (!_behindGateways)
            A = HomeA;
    }

    private async Task StartHomeBAsync(CancellationToken cancellationToken)
    {
        HomeB = await StartHomeAsync(SettingsOfB, cancellationToken);
        if (!_behindGateways)
            B = HomeB;
    }

    private async Task StartGatewaysAsync(CancellationToken cancellationToken)
    {
        if (!_behindGateways)
            return;
        var starting = new[] { StartGatewayAsync(cancellationToken), StartGatewayAsync(cancellationToken) };
        var started = await Task.WhenAll(starting);
        (A, B) = (started[0], started[1]);
    }
}

/// <summary>Two silos, and two gateways that have none.</summary>
public sealed class NodesBehindGateways() : Nodes(behindGateways: true);
