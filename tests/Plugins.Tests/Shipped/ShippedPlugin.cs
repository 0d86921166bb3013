using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Plugins.Hosting;
using Wharf.Plugins.Tests.Loading;

namespace Wharf.Plugins.Tests.Shipped;

/// <summary>A plugin as it ships, loaded from its folder, with one object and as many streams as a test wants.</summary>
internal sealed class ShippedPlugin : IDisposable
{
    private readonly PluginFolder _folder;
    private readonly object _instance;

    private ShippedPlugin(PluginFolder folder, BidirectionalObjectType type, object instance) => (_folder, Type, _instance) = (folder, type, instance);

    public BidirectionalObjectType Type { get; }

    public static async Task<ShippedPlugin> LoadAsync(string name, params KeyValuePair<string, string?>[] arguments)
    {
        PluginFolder folder = new(name);
        LoadedPlugin plugin = Assert.Single(new PluginLoader(NullLogger<PluginLoader>.Instance).LoadAll(folder.Path));
        BidirectionalObjectType type = Assert.IsType<BidirectionalObjectType>(Assert.Single(plugin.Types), exactMatch: false);
        object instance = await type.CreateAsync(new TestContext(arguments), default);
        Assert.True(type.IsType(instance));
        return new ShippedPlugin(folder, type, instance);
    }

    public async Task<TestStream> ConnectAsync()
    {
        TestStream stream = new();
        stream.Handler = await Type.ConnectAsync(_instance, stream, default);
        return stream;
    }

    public void Dispose() => _folder.Dispose();

    private sealed class TestContext(KeyValuePair<string, string?>[] arguments) : IObjectContext
    {
        public string ObjectId => "object";

        public string TypeName => "type";

        public ILogger Logger => NullLogger.Instance;

        public IConfiguration Configuration { get; } = new ConfigurationBuilder().AddInMemoryCollection(arguments).Build();

        public IServiceProvider Services => throw new NotSupportedException();

        public TimeProvider TimeProvider => TimeProvider.System;

        public ITableFactory Tables => throw new NotSupportedException();

        public IFieldPublisher Fields => throw new NotSupportedException();

        public CancellationToken Stopping => CancellationToken.None;

        public Task PostAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncDisposable StartTimer(TimeSpan dueTime, TimeSpan period, Func<CancellationToken, ValueTask> tick) => throw new NotSupportedException();
    }
}
