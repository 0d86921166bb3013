using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Wharf.Plugins.Hosting;
using Wharf.Plugins.Tests.Invocation;
using Wharf.Plugins.Tests.Loading;

namespace Wharf.Plugins.Tests.Registry;

public sealed class PluginsOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_the_folder_is_beside_the_executable()
    {
        PluginsOptions options = Options([]);

        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "plugins"), Options([new("Wharf:Plugins:Folder", "plugins"), new("Wharf:Plugins:UserFolder", "")]).FullFolders().Single());
        Assert.Equal((TimeSpan.FromSeconds(30), 256), (options.ReplyTimeLimit, options.Pool.MaxThreads));
    }

    [Theory]
    [InlineData("Wharf:Plugins:Folder", " ")]
    [InlineData("Wharf:Plugins:ReplyTimeLimit", "00:00:00")]
    [InlineData("Wharf:Plugins:WaitBehindStuck", "-00:00:01")]
    [InlineData("Wharf:Plugins:TimeLimits:Echo", "100.00:00:00")]
    [InlineData("Wharf:Plugins:Pool:MinThreads", "0")]
    [InlineData("Wharf:Plugins:Pool:MaxThreads", "1")]
    [InlineData("Wharf:Plugins:Pool:IdleTime", "00:00:00")]
    [InlineData("Wharf:Plugins:Pool:StopWait", "00:00:00")]
    public void A_wrong_setting_is_refused_by_its_name(string setting, string value)
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Options([new(setting, value)]));

        Assert.Contains(setting, Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_gets_its_plugins_from_the_folder_of_its_configuration_and_from_itself()
    {
        using PluginFolder folder = new("Echo", "Counter");
        await using ServiceProvider server = Server([new("Wharf:Plugins:Folder", folder.Path)], services => services.AddBuiltInPlugin("own", new Nothing()));
        ObjectTypeRegistry registry = server.GetRequiredService<ObjectTypeRegistry>();

        Assert.Equal(["own", "Counter", "Echo"], registry.Plugins.Select(plugin => plugin.Name));
        Assert.Equal(["Counter", "Echo"], registry.All.Select(type => type.Name));
        Assert.NotNull(server.GetRequiredService<PluginPool>());
    }

    [Fact]
    public async Task A_server_starts_without_a_broken_plugin_of_the_user_folder_when_SkipBroken_is_set()
    {
        using PluginFolder own = new("Echo");
        using PluginFolder user = new("BrokenServices", "Counter", "ThrowingRegistration");
        KeyValuePair<string, string?>[] folders = [new("Wharf:Plugins:Folder", own.Path), new("Wharf:Plugins:UserFolder", user.Path)];
        RecordingFactory log = new();
        await using ServiceProvider lenient = Server(
            [.. folders, new("Wharf:Plugins:SkipBroken", "true")], services =>
                services.AddSingleton<ILoggerFactory>(log).AddSingleton(typeof(ILogger<>), typeof(Logger<>)));
        ObjectTypeRegistry types = lenient.GetRequiredService<ObjectTypeRegistry>();

        Assert.Equal(["Echo", "Counter"], types.Plugins.Select(static plugin => plugin.Name));
        Assert.Equal(["Echo", "Counter"], types.All.Select(static type => type.Name));
        Assert.Collection(
            log.Warnings.Where(static warning => warning.StartsWith("Skipped", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            warning => Assert.StartsWith("Skipped plugin BrokenServices (", warning, StringComparison.Ordinal),
            warning => Assert.Contains("the licence has expired", warning, StringComparison.Ordinal));

        await using ServiceProvider strict = Server(folders);
        PluginLoadException refused = Assert.Throws<PluginLoadException>(strict.GetRequiredService<ObjectTypeRegistry>);
        Assert.EndsWith("Wharf:Plugins:SkipBroken=true starts the server without it", refused.Message, StringComparison.Ordinal);
    }

    private sealed class RecordingFactory : ILoggerFactory, ILogger
    {
        public List<string> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Warnings.Add(formatter(state, exception));
        }
    }

    private static PluginsOptions Options(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        using ServiceProvider server = Server(settings);
        return server.GetRequiredService<IOptions<PluginsOptions>>().Value;
    }

    private static ServiceProvider Server(IEnumerable<KeyValuePair<string, string?>> settings, Action<IServiceCollection>? more = null)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        ServiceCollection services = new();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(configuration);
        services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory, TestMeters>();
        services.AddPlugins(configuration);
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private sealed class Nothing : IPluginRegistration
    {
        public void RegisterInto(IPluginRegistry registry)
        {
        }
    }
}
