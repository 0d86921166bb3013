using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>Loads the plugins before the server accepts calls, and logs their names.</summary>
internal sealed partial class PluginsStartup(ObjectTypeRegistry registry, ILogger<PluginsStartup> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        UnhandledPluginExceptions.Install(logger);
        foreach (LoadedPlugin plugin in registry.Plugins)
            LogLoaded(plugin.Name, plugin.Version, plugin.ApiVersion, string.Join(", ", plugin.Types.Select(type => type.Name)));
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 3040, Level = LogLevel.Information, Message = "Loaded plugin {Plugin} {Version} (API {ApiVersion}) with object types {Types}")]
    private partial void LogLoaded(string plugin, string version, string apiVersion, string types);
}
