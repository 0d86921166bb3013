using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wharf.Plugins.Hosting;
using Wharf.Plugins.Tests.Loading;

namespace Wharf.Plugins.Tests.Registry;

/// <summary>The registry finds the type of an object, and refuses reserved and duplicate names.</summary>
public sealed class ObjectTypeRegistryTests
{
    [Fact]
    public void Names_and_aliases_are_compared_exactly()
    {
        ObjectTypeRegistry registry = Registry(new TestType<Animal>("Animal", "Beast"));

        Assert.True(registry.TryGet("Animal", out RegisteredObjectType? byName));
        Assert.True(registry.TryGet("Beast", out RegisteredObjectType? byAlias));
        Assert.Same(byName, byAlias);
        Assert.True(byName.HasName("Animal") && byName.HasName("Beast"));
        Assert.False(byName.HasName("animal"));
        Assert.False(registry.TryGet("animal", out _));
        Assert.False(registry.TryGet("", out _));
    }

    [Fact]
    public void A_type_for_exactly_the_class_comes_before_all_others()
    {
        ObjectTypeRegistry registry = Registry(new TestType<object>("Anything"), new TestType<Animal>("Animal"), new TestType<Dog>("Dog"));

        Assert.Equal("Dog", registry.Find(new Dog())?.Name);
        Assert.Equal("Animal", registry.Find(new Animal())?.Name);
    }

    [Fact]
    public void Of_the_others_the_first_registered_that_recognizes_the_object_wins()
    {
        ObjectTypeRegistry registry = Registry(new TestType<Plant>("Plant"), new TestType<Animal>("Animal"), new TestType<object>("Anything"));

        Assert.Equal("Animal", registry.Find(new Dog())?.Name);
        Assert.Equal("Anything", registry.Find("a text")?.Name);
    }

    [Fact]
    public void An_object_that_no_type_recognizes_has_none()
    {
        Assert.Null(Registry(new TestType<Plant>("Plant")).Find(new Dog()));
    }

    [Fact]
    public void A_type_may_refuse_an_object_of_its_own_class()
    {
        ObjectTypeRegistry registry = Registry(new TestType<Dog>("Poodle") { Recognizes = _ => false }, new TestType<Animal>("Animal"));

        Assert.Equal("Animal", registry.Find(new Dog())?.Name);
    }

    [Fact]
    public void What_a_type_throws_when_asked_reaches_the_one_who_asked()
    {
        ObjectTypeRegistry registry = Registry(new TestType<Dog>("Dog") { Recognizes = _ => throw new InvalidOperationException("moody") });

        Assert.Throws<InvalidOperationException>(() => registry.Find(new Dog()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("table")]
    [InlineData("Table")]
    [InlineData("ROLLUPTABLE")]
    [InlineData("TreeTable")]
    public void Empty_and_reserved_names_are_refused_also_as_aliases(string name)
    {
        Assert.Throws<PluginLoadException>(() => Registry(new TestType<Dog>(name)));
        Assert.Throws<PluginLoadException>(() => Registry(new TestType<Dog>("Dog", name)));
    }

    [Theory]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\u001bb", "U+001B")]
    [InlineData("a\u202eb", "U+202E")]
    [InlineData(" a", "blank")]
    public void Names_of_types_and_plugins_are_printable_text(string name, string part)
    {
        Assert.Contains("The type name ", Assert.Throws<PluginLoadException>(() => Registry(new TestType<Dog>("Dog", name))).Message, StringComparison.Ordinal);
        PluginLoadException refused = Assert.Throws<PluginLoadException>(() => new PluginLoader(NullLogger<PluginLoader>.Instance).Load(name, new TestRegistration([new TestType<Dog>("Dog")])));
        Assert.Contains("The plugin name ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.All(refused.Message, static character => Assert.InRange(character, ' ', '~'));
    }

    [Fact]
    public void Names_of_types_and_plugins_have_256_bytes_at_most()
    {
        string name = new('d', 256);
        Assert.Equal(name, Registry(new TestType<Dog>(name)).Find(new Dog())?.Name);
        Assert.Throws<PluginLoadException>(() => Registry(new TestType<Dog>(name + "d")));
        Assert.Equal(name, new PluginLoader(NullLogger<PluginLoader>.Instance).Load(name, new TestRegistration([new TestType<Dog>("Dog")])).Name);
        Assert.Throws<PluginLoadException>(() => new PluginLoader(NullLogger<PluginLoader>.Instance).Load(name + "d", new TestRegistration([new TestType<Dog>("Dog")])));
    }

    [Fact]
    public void Names_are_unique_without_regard_to_case_over_names_and_aliases()
    {
        Assert.Throws<PluginLoadException>(() => Registry(new TestType<Dog>("Dog"), new TestType<Dog>("DOG")));
        Assert.Throws<PluginLoadException>(() => Registry(new TestType<Dog>("Dog", "Hound"), new TestType<Plant>("hound")));
        Assert.Throws<PluginLoadException>(() => Registry(new TestType<Dog>("Dog", "dog")));
    }

    [Fact]
    public void Nothing_is_registered_after_the_start()
    {
        TestRegistration registration = new([new TestType<Dog>("Dog")]);
        new PluginLoader(NullLogger<PluginLoader>.Instance).Load("test", registration);

        Assert.Throws<InvalidOperationException>(() => registration.Seen!.Register(new TestType<Plant>("Plant")));
    }

    [Fact]
    public async Task Each_plugin_has_its_own_services_and_of_the_servers_logging_clock_and_configuration()
    {
        await using ObjectTypeRegistry registry = RegistryOf(
            new TestRegistration([new TestType<Dog>("Dog")], services => services.AddSingleton<Plant>()),
            new TestRegistration([new TestType<Plant>("Plant")]));
        (IServiceProvider dogs, IServiceProvider plants) = (registry.All[0].Services, registry.All[1].Services);

        Assert.NotNull(dogs.GetService<Plant>());
        Assert.Null(plants.GetService<Plant>());
        Assert.Null(dogs.GetService<ServerSecret>());
        Assert.IsType<FakeTimeProvider>(dogs.GetRequiredService<TimeProvider>());
        Assert.NotNull(dogs.GetRequiredService<ILogger<Dog>>());
        Assert.Equal("bone", dogs.GetRequiredService<IConfiguration>()["Wharf:Plugins:Settings:Dog:Toy"]);
        Assert.Equal("bone", registry.All[0].Settings["Toy"]);
    }

    [Fact]
    public void Services_that_do_not_fit_together_fail_the_start_and_name_the_plugin()
    {
        using PluginFolder folder = new("BrokenServices");
        PluginLoader loader = new(NullLogger<PluginLoader>.Instance);
        loader.LoadAll(folder.Path);

        PluginLoadException refused = Assert.Throws<PluginLoadException>(() => new ObjectTypeRegistry(loader.Plugins, new PluginsOptions(), Host()));
        Assert.Equal(("BrokenServices", folder.File("BrokenServices", "BrokenServices.dll")), (refused.Plugin, refused.File));
        Assert.Contains("NeedsWhatNobodyHas", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void An_invalid_time_limit_fails_the_start_and_names_the_type(int seconds)
    {
        PluginLoadException refused = Assert.Throws<PluginLoadException>(() => Registry(new TestType<Dog>("Dog") { Limit = TimeSpan.FromSeconds(seconds) }));

        Assert.Contains("object type Dog cannot be registered: its HandlerTimeLimit", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Timeout.InfiniteTimeSpan, Registry(new TestType<Dog>("Dog") { Limit = Timeout.InfiniteTimeSpan }).All[0].Limits.TimeLimit);
    }

    [Fact]
    public void The_operators_time_limit_overrides_the_types_own()
    {
        PluginsOptions options = new() { TimeLimits = { ["dog"] = TimeSpan.FromSeconds(5) } };

        Assert.Equal(TimeSpan.FromSeconds(5), options.LimitsFor(new TestType<Dog>("Dog") { Limit = TimeSpan.FromSeconds(1) }).TimeLimit);
        Assert.Equal(TimeSpan.FromSeconds(1), options.LimitsFor(new TestType<Plant>("Plant") { Limit = TimeSpan.FromSeconds(1) }).TimeLimit);
        Assert.Null(options.LimitsFor(new TestType<Animal>("Animal")).TimeLimit);
    }

    private static ObjectTypeRegistry Registry(params ObjectType[] types) => RegistryOf(new TestRegistration(types));

    private static ObjectTypeRegistry RegistryOf(params TestRegistration[] registrations)
    {
        PluginLoader loader = new(NullLogger<PluginLoader>.Instance);
        foreach (TestRegistration registration in registrations)
            loader.Load("test", registration);
        return new ObjectTypeRegistry(loader.Plugins, new PluginsOptions(), Host());
    }

    private static ServiceProvider Host() => new ServiceCollection()
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
        .AddSingleton<TimeProvider>(new FakeTimeProvider())
        .AddSingleton<ServerSecret>()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Wharf:Plugins:Settings:Dog:Toy", "bone")]).Build())
        .BuildServiceProvider();

    private class Animal;

    private sealed class Dog : Animal;

    private sealed class Plant;

    private sealed class ServerSecret;

    private sealed class TestRegistration(ObjectType[] types, Action<IServiceCollection>? services = null) : IPluginRegistration
    {
        public IPluginRegistry? Seen { get; private set; }

        public void RegisterInto(IPluginRegistry registry)
        {
            Seen = registry;
            services?.Invoke(registry.Services);
            foreach (ObjectType type in types)
                registry.Register(type);
        }
    }

    private sealed class TestType<T>(string name, params string[] aliases) : FetchOnlyObjectType<T>(name)
        where T : class
    {
        public Func<object, bool> Recognizes { get; init; } = value => value is T;

        public TimeSpan? Limit { get; init; }

        public override IReadOnlyList<string> Aliases => aliases;

        public override TimeSpan? HandlerTimeLimit => Limit;

        public override bool IsType(object value) => Recognizes(value);

        protected override ValueTask<FetchResult> FetchAsync(T instance, Caller caller, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new FetchResult(default, []));
    }
}
