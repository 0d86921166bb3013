using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>A plugin's services: what it registered itself, and of the server's no more than logging, the clock and the configuration.</summary>
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
            throw new PluginLoadException(plugin.Name, plugin.File, $"its services do not fit together: {ExceptionText.ForClient(first)}", broken);
        }
    }
}
