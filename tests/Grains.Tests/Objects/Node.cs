using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.Runtime;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Tests.Objects;

/// <summary>A node's objects without a silo around them, on a clock that the test moves.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Node(Action<StreamLimits>? limits = null, Action<PluginsOptions>? plugins = null)
    {
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log)).AddMetrics().AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ILocalSiloDetails>(new Silo());
        services.AddPlugins(configuration);
        services.AddSingleton(static provider => new ObjectTypeRegistry(
            [new PluginLoader(NullLogger<PluginLoader>.Instance).Load("test", new TestPlugin())],
            provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<PluginsOptions>>().Value,
            provider));
        ObjectsHostingExtensions.AddObjects(services);
        services.AddSingleton<IGrainFactory, NoGrains>();
        if (limits is not null)
            services.Configure(limits);
        if (plugins is not null)
            services.Configure(plugins);
        _services = services.BuildServiceProvider();
        Objects = _services.GetRequiredService<NodeObjects>();
        Tables = _services.GetRequiredService<TableStore>();
        Drain = _services.GetRequiredService<IObjectDrain>();
        Sweeper = ActivatorUtilities.CreateInstance<NodeSweeper>(_services);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public LogLines Log { get; } = new();

    public NodeObjects Objects { get; }

    public TableStore Tables { get; }

    public IObjectDrain Drain { get; }

    public NodeSweeper Sweeper { get; }

    /// <summary>Makes an object reachable, held by the test.</summary>
    public LiveObject Live(object instance)
    {
        var hold = Objects.Live.HoldInstance(instance, Objects);
        return Objects.Live.Find(hold.Reference.ObjectId)!;
    }

    /// <summary>Makes an object reachable, and gives the hold that keeps it so.</summary>
    public (LiveObject Live, ObjectHold Hold) LiveAndHold(object instance)
    {
        var hold = Objects.Live.HoldInstance(instance, Objects);
        return (Objects.Live.Find(hold.Reference.ObjectId)!, hold);
    }

    /// <summary>Who looks through what is held here, in a cluster of the test's own.</summary>
    public LostHolders Review(LocalSessions sessions, IClusterMembershipService membership, IGrainFactory grains) =>
        ActivatorUtilities.CreateInstance<LostHolders>(_services, sessions, membership, grains);

    public async ValueTask DisposeAsync()
    {
        foreach (var live in Objects.Live.All)
            live.End();
        await _services.DisposeAsync();
    }

    private sealed class Silo : ILocalSiloDetails
    {
        public string Name => "test";

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }
}

/// <summary>A client's side of a stream, as a gateway plays it.</summary>
internal sealed class TestStream(LiveObject live, string id = "s1", string type = "Probe")
{
    private long _sent;
    private long _acknowledged;

    public string Id => id;

    public StreamOutput? Last { get; private set; }

    public List<string> Received { get; } = [];

    public StreamEnd? End { get; private set; }

    public async Task<TestStream> ConnectAsync()
    {
        Take(await live.ConnectAsync(
            new StreamConnect(id, type, live.Reference.Epoch, new CallerIdentity("alice", "session-1", "Basic")), default).WaitAsync(Limits.Test));
        return this;
    }

    public async Task<StreamOutput> SendAsync(params string[] messages) => await SendAsync(halfClose: false, messages);

    public Task<StreamOutput> HalfCloseAsync() => SendAsync(halfClose: true);

    public Task<StreamOutput> Start(bool halfClose, params string[] messages)
    {
        var parts = messages.Select(static message => new StreamPart(Encoding.UTF8.GetBytes(message), [], IsLast: true)).ToImmutableArray();
        return Start(halfClose, parts);
    }

    public Task<StreamOutput> Start(bool halfClose, ImmutableArray<StreamPart> parts)
    {
        var batch = new StreamBatch(id, live.Reference.Epoch, _sent, parts, halfClose, _acknowledged);
        _sent += parts.Length;
        return live.FindStream(id, live.Reference.Epoch).SendAsync(batch, default);
    }

    public Task<StreamOutput> StartPull(int window = GrainLimits.BatchSize) =>
        live.FindStream(id, live.Reference.Epoch).PullAsync(new StreamPull(id, live.Reference.Epoch, _acknowledged) { Window = window }, default);

    public async Task<StreamOutput> PullAsync() => Take(await StartPull().WaitAsync(Limits.Test));

    public StreamOutput Take(StreamOutput output)
    {
        var number = output.First;
        foreach (var part in output.Parts)
        {
            if (number++ < _acknowledged)
                continue;
            _acknowledged = number;
            Received.Add(Encoding.UTF8.GetString(part.Bytes.Span));
        }

        End ??= output.End;
        return Last = output;
    }

    private async Task<StreamOutput> SendAsync(bool halfClose, params string[] messages)
    {
        var output = Take(await Start(halfClose, messages).WaitAsync(Limits.Test));
        while (End is null && output.Handled < _sent)
            output = await PullAsync();
        return output;
    }
}

internal static class Limits
{
    /// <summary>How long a test waits for what should come at once.</summary>
    public static readonly TimeSpan Test = TimeSpan.FromSeconds(20);
}
