using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>Builds the services of a plugin: those that it registered, and of the server's only logging, the clock and the configuration.</summary>
internal static class PluginServices
{
    public static ServiceProvider Build(LoadedPlugin plugin, IServiceProvider host)
    {
        IServiceCollection services = plugin.Services;
        services.TryAddSingleton<ILoggerFactory>(new PluginLoggerFactory(host.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.TryAddSingleton(host.GetService<TimeProvider>() ?? TimeProvider.System);
        services.TryAddSingleton(host.GetRequiredService<IConfiguration>());
        try
        {
            return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        }
        catch (Exception broken)
        {
            Exception first = broken is AggregateException { InnerExceptions: [var one, ..] } ? one : broken;
            throw new PluginLoadException(plugin.Name, plugin.File, $"its services are inconsistent: {ExceptionText.ForClient(first)}", broken);
        }
    }
}
