using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Plugins.Hosting;
using Wharf.Plugins.Tests.Invocation;

namespace Wharf.Plugins.Tests.Loading;

public sealed class UnhandledPluginExceptionsTests
{
    /// <summary>If it does not hold, the whole test process ends.</summary>
    [Fact]
    public async Task An_exception_outside_of_every_call_is_logged_and_ends_nothing()
    {
        CaughtLogger log = new();
        UnhandledPluginExceptions.Install(log);
        using PluginFolder folder = new("StrayExceptions");
        LoadedPlugin plugin = Assert.Single(new PluginLoader(NullLogger<PluginLoader>.Instance).LoadAll(folder.Path));
        FetchOnlyObjectType type = Assert.IsType<FetchOnlyObjectType>(Assert.Single(plugin.Types), exactMatch: false);
        object instance = await type.CreateAsync(null!, default);
        await type.FetchAsync(instance, new Caller("someone", "session", "Basic"), default);

        await TestPool.UntilAsync(() => log.Caught.Count == 3);
        Assert.Equal(
            ["from a thread", "from async void", "Wharf.Plugins.Fixtures.StrayType+UnreadableException"], log.Caught.Order(StringComparer.OrdinalIgnoreCase));
    }

    private sealed class CaughtLogger : ILogger
    {
        public ConcurrentBag<string> Caught { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Caught.Add(exception!.Message);
    }
}
