using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Testing;

/// <summary>
/// Runs a plugin's objects in memory: turns, streams, references, tables and timers as on a server, but on the threads of the test and with a clock that the test advances.
/// It has no sessions, nodes, queue limits or handler time limits.
/// </summary>
public sealed class PluginTestHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ObjectTypeRegistry _types;
    private readonly Dictionary<object, TestObject> _objects = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Task, byte> _ticks = [];
    private int _lastId;

    /// <summary>Registers a plugin.</summary>
    /// <param name="registration">The class that the plugin's <see cref="PluginAttribute"/> names.</param>
    /// <param name="settings">The server's configuration, by paths such as <c>Wharf:Plugins:Settings:Greeter:Greeting</c>.</param>
    /// <param name="loggers">The logger factory of the plugin; by default nothing is logged.</param>
    /// <exception cref="PluginLoadException">A server would not start with this plugin.</exception>
    public PluginTestHost(IPluginRegistration registration, IReadOnlyDictionary<string, string?>? settings = null, ILoggerFactory? loggers = null)
        : this(Load(registration), settings, loggers)
    {
    }

    /// <summary>Creates a host for a loaded plugin.</summary>
    internal PluginTestHost(LoadedPlugin plugin, IReadOnlyDictionary<string, string?>? settings = null, ILoggerFactory? loggers = null)
    {
        Time = new FakeTimeProvider(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Loggers = loggers ?? NullLoggerFactory.Instance;
        Tables = new TestTables(Time);
        _services = new ServiceCollection()
            .AddSingleton(Loggers)
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings ?? new Dictionary<string, string?>()).Build())
            .BuildServiceProvider();
        _types = PluginCulture.Run(() => new ObjectTypeRegistry([plugin], new PluginsOptions(), _services));
    }

    /// <summary>Registers object types.</summary>
    /// <param name="types">The types.</param>
    public PluginTestHost(params ObjectType[] types)
        : this(new TypesOnly(types))
    {
    }

    /// <summary>The clock of the plugin. <see cref="AdvanceAsync"/> advances it and waits for the timers that are due.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>Creates tables for the test and for the plugin.</summary>
    public TestTables Tables { get; }

    /// <summary>
    /// The named fields: tables, and objects as the plugin created them. A test reads the fields that the plugin has published, and sets fields for the
    /// plugin to find.
    /// </summary>
    public IDictionary<string, object> Fields { get; } = new ConcurrentDictionary<string, object>(StringComparer.Ordinal);

    internal ILoggerFactory Loggers { get; }

    /// <summary>Creates an object by the name of its type, as the configuration or a client does.</summary>
    /// <param name="typeName">The type, or an alias of it.</param>
    /// <param name="arguments">The arguments of the object, by configuration path.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object.</returns>
    /// <exception cref="ArgumentException">The plugin has no such type.</exception>
    /// <exception cref="PluginException">The type creates no objects by name, or its <see cref="ObjectType.CreateAsync"/> failed.</exception>
    public async Task<TestObject> CreateAsync(string typeName, IReadOnlyDictionary<string, string?>? arguments = null, CancellationToken cancellationToken = default)
    {
        if (!_types.TryGet(typeName, out var type))
            throw new ArgumentException($"the plugin has no object type '{typeName}'", nameof(typeName));
        var made = New(type, arguments);
        var instance = await made.CreateAsync(cancellationToken).ConfigureAwait(false);
        return await BeginAsync(made, instance).ConfigureAwait(false);
    }

    /// <summary>Adds an object as if a plugin had sent it: it belongs to the type that recognizes it.</summary>
    /// <param name="instance">The object.</param>
    /// <returns>The object; the same object for the same instance.</returns>
    /// <exception cref="ArgumentException">No type recognizes it.</exception>
    public async Task<TestObject> AddAsync(object instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return Find(instance) ?? await BeginAsync(New(_types.Find(instance) ?? throw new ArgumentException($"no object type recognizes the class {instance.GetType()}", nameof(instance)), null), instance).ConfigureAwait(false);
    }

    /// <summary>Advances the clock and waits until all timer ticks that are due have run, including those of objects that the plugin has sent.</summary>
    /// <param name="time">The time to advance the clock by.</param>
    /// <returns>Completes when the ticks have run.</returns>
    public async Task AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        while (_ticks.Keys.FirstOrDefault() is { } tick)
        {
            await tick.ConfigureAwait(false);
            _ticks.TryRemove(tick, out _);
        }
    }

    /// <summary>Ends all objects. Their streams end with <see cref="CloseReason.Shutdown"/>, and disposable objects are disposed.</summary>
    /// <returns>Completes when they have ended.</returns>
    public async ValueTask DisposeAsync()
    {
        TestObject[] objects;
        lock (_gate)
            objects = [.. _objects.Values];
        try
        {
            // Ends all objects, even if one fails.
            await Task.WhenAll(objects.Select(static one => one.EndAsync(CloseReason.Shutdown).AsTask())).ConfigureAwait(false);
        }
        finally
        {
            await _types.DisposeAsync().ConfigureAwait(false);
            await _services.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal ILogger CreateLogger(string typeName) => new PluginLogger(Loggers.CreateLogger($"Wharf.Plugins.{typeName}"));

    internal IReadOnlyList<RegisteredObjectType> Types => _types.All;

    internal void Track(Task tick) => _ticks.TryAdd(tick, 0);

    internal TestObject? Find(object instance)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(instance);
    }

    /// <summary>Returns the object of an instance, or null if no type recognizes it.</summary>
    internal async Task<TestObject?> FindOrAddAsync(object instance) =>
        Find(instance) ?? (_types.Find(instance) is null ? null : await AddAsync(instance).ConfigureAwait(false));

    internal string TypeNameOf(object value) => (value as IServerObject)?.Type ?? _types.Find(value)?.Name ?? "";

    internal void Remove(object instance)
    {
        lock (_gate)
            _objects.Remove(instance);
    }

    private static LoadedPlugin Load(IPluginRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return PluginCulture.Run(() => new PluginLoader(NullLogger<PluginLoader>.Instance).Load("plugin", registration));
    }

    private TestObject New(RegisteredObjectType type, IReadOnlyDictionary<string, string?>? arguments) => new(
        this, type, $"test!{Interlocked.Increment(ref _lastId)}", arguments is null ? null : new ConfigurationBuilder().AddInMemoryCollection(arguments).Build());

    private async Task<TestObject> BeginAsync(TestObject made, object instance)
    {
        lock (_gate)
            _objects[instance] = made;
        await made.BeginAsync(instance).ConfigureAwait(false);
        return made;
    }

    private sealed class TypesOnly(ObjectType[] types) : IPluginRegistration
    {
        public void RegisterInto(IPluginRegistry registry)
        {
            foreach (var type in types)
                registry.Register(type);
        }
    }
}
