using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.TestingHost;
using Wharf.Grains.Fields;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Sharing;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Tests.Cluster;

/// <summary>Two silos in this process, with a clock that the tests move and objects that they hold still.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    private static readonly Type[] Doubled = [typeof(IPluginObjectGrain), typeof(ITableGrain), typeof(ITableMakerGrain), typeof(IObjectFactoryGrain)];
    private readonly Action<ISiloBuilder> _configure;
    private InProcessTestCluster? _cluster;
    private int _last;

    public TestCluster()
        : this(static _ => { })
    {
    }

    internal TestCluster(Action<ISiloBuilder> configure) => _configure = configure;

    public World World { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));

    public IGrainFactory Grains => _cluster!.Client;

    public IFieldDirectoryGrain Fields => Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            _configure(silo);
            silo.AddWharfSessions();
            silo.Services.Configure<SessionOptions>(options => options.MaxSessionsPerAddress = 3);
            silo.Services.AddSingleton(World);
            silo.Services.AddSingleton<ITableDispatcher, TableDispatcherDouble>();
            silo.Services.AddSingleton<ILocalObjects, NothingHere>();
            silo.Services.AddSingleton<TimeProvider>(Time);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.RemoveWhere(grain =>
                grain.Assembly != typeof(TestCluster).Assembly && Doubled.Any(contract => contract.IsAssignableFrom(grain))));
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    public string NewId(string kind) => $"{kind}{Interlocked.Increment(ref _last)}";

    public string NewSharedId() => Interlocked.Increment(ref _last).ToString("x8", null);

    public ISessionGrain Session(string id) => Grains.GetGrain<ISessionGrain>(id);

    public async Task<SessionUnderTest> LoginAsync(TimeSpan? duration = null, string? address = null)
    {
        var id = NewId("s");
        var session = Session(id);
        await session.LoginAsync(new SessionLogin(new CallerIdentity("user", id, "test"), address ?? id, duration ?? TimeSpan.FromMinutes(5)));
        return new SessionUnderTest(this, id, session);
    }

    public ISharedTicketGrain Shared(string id) => Grains.GetGrain<ISharedTicketGrain>(id);
}

/// <summary>A session with the calls that the tests make most.</summary>
public sealed record SessionUnderTest(TestCluster Cluster, string Id, ISessionGrain Grain)
{
    public string HolderOf(int exportId) => $"export/{Id}/{exportId}";

    /// <summary>Makes an export of a new object.</summary>
    public async Task<ObjectReference> AdoptAsync(int id, ObjectReference? reference = null)
    {
        reference ??= Cluster.World.NewObject();
        Cluster.World.Hold(reference.ObjectId, "maker");
        var outcome = await Grain.SubmitAsync(new AdoptWork(id, reference, "maker"));
        Assert.True(outcome is { IsDone: true, Fault: null });
        return reference;
    }

    public async Task<Fault> RefusedAsync(Func<ISessionGrain, Task> call) => (await Assert.ThrowsAsync<FaultException>(() => call(Grain))).Fault;

    public Task<WorkOutcome> ReferenceAsync(int id, string source) => Grain.SubmitAsync(new ReferenceWork(id, source));

    public Task<WorkOutcome> ResolveAsync(params string[] tickets) => Grain.ResolveAsync(new ResolveRequest([.. tickets], $"call/{Id}", null));
}

[CollectionDefinition(nameof(TestCluster))]
public sealed class ClusterCollection : ICollectionFixture<TestCluster>;
