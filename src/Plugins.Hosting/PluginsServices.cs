using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Wharf.Plugins.Hosting;

/// <summary>Extension methods that add plugins to a server.</summary>
public static class PluginsServices
{
    /// <summary>
    /// Adds <see cref="PluginsOptions"/>, <see cref="PluginPool"/>, <see cref="PluginInstruments"/> and <see cref="ObjectTypeRegistry"/>. The plugins are loaded when the server
    /// starts; a plugin that cannot be loaded fails the start with a <see cref="PluginLoadException"/>.
    /// </summary>
    /// <param name="services">The server's services.</param>
    /// <param name="configuration">The server's configuration.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPlugins(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<PluginsOptions>().Bind(configuration.GetSection(PluginsOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PluginsOptions>, PluginsOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PluginInstruments>();
        services.TryAddSingleton(provider => new PluginPool(
            provider.GetRequiredService<IOptions<PluginsOptions>>().Value.Pool,
            provider.GetRequiredService<PluginInstruments>(),
            provider.GetRequiredService<ILogger<PluginPool>>())
        {
            Gate = provider.GetService<TurnGate>(),
            Replacement = provider.GetService<IThreadReplacement>(),
            Failures = new FailureLog(provider.GetRequiredService<TimeProvider>()),
        });
        services.TryAddSingleton<PluginLoader>();
        services.TryAddSingleton(static provider => PluginCulture.Run(() => Load(provider)));
        services.AddHostedService<PluginsStartup>();
        return services;
    }

    /// <summary>Adds a plugin that is part of the server and not of a plugins folder.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="name">The plugin's name.</param>
    /// <param name="registration">Registers its object types and services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddBuiltInPlugin(this IServiceCollection services, string name, IPluginRegistration registration) =>
        services.AddSingleton(new BuiltInPlugin(name, registration));

    private static ObjectTypeRegistry Load(IServiceProvider provider)
    {
        PluginsOptions options = provider.GetRequiredService<IOptions<PluginsOptions>>().Value;
        PluginLoader loader = provider.GetRequiredService<PluginLoader>();
        foreach (BuiltInPlugin builtIn in provider.GetServices<BuiltInPlugin>())
            loader.Load(builtIn.Name, builtIn.Registration);
        try
        {
            foreach (string folder in options.FullFolders())
                loader.LoadAll(folder, options.SkipBroken);
            return new ObjectTypeRegistry(loader.Plugins, options, provider);
        }
        catch (PluginLoadException broken) when (!options.SkipBroken && broken.File.Length > 0 && broken.Plugin != PluginLoader.NoPlugin)
        {
            throw new PluginLoadException(
                broken.Plugin, broken.File, $"{broken.Reason}. {PluginsOptions.Section}:{nameof(PluginsOptions.SkipBroken)}=true starts the server without it",
                broken);
        }
    }
}

internal sealed record BuiltInPlugin(string Name, IPluginRegistration Registration);
