using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>The object types of a server. Immutable after the plugins are loaded, so it needs no locks.</summary>
public sealed class ObjectTypeRegistry : IAsyncDisposable
{
    private readonly RegisteredObjectType[] _all;
    private readonly FrozenDictionary<string, RegisteredObjectType> _byName;
    private readonly FrozenDictionary<Type, RegisteredObjectType[]> _byClass;
    private readonly List<ServiceProvider> _providers = [];

    /// <summary>Creates the registry and the services of each plugin.</summary>
    /// <param name="plugins">The plugins, in the order of their registration.</param>
    /// <param name="options">The limits of their calls.</param>
    /// <param name="host">The services of the server, for the logger factory, the clock and the configuration.</param>
    /// <exception cref="PluginLoadException">The services of a plugin are inconsistent.</exception>
    public ObjectTypeRegistry(IReadOnlyList<LoadedPlugin> plugins, PluginsOptions options, IServiceProvider host)
    {
        ArgumentNullException.ThrowIfNull(plugins);
        ArgumentNullException.ThrowIfNull(options);
        IConfiguration settings = host.GetRequiredService<IConfiguration>().GetSection(PluginsOptions.Section).GetSection("Settings");
        TimeProvider time = host.GetService<TimeProvider>() ?? TimeProvider.System;
        List<RegisteredObjectType> all = [];
        List<LoadedPlugin> used = [];
        foreach (LoadedPlugin plugin in plugins)
        {
            try
            {
                ServiceProvider services = PluginServices.Build(plugin, host);
                _providers.Add(services);
                all.AddRange(plugin.Types.Select(type => Register(type, plugin, services)).ToArray());
                used.Add(plugin);
            }
            catch (PluginLoadException broken) when (options.SkipBroken && plugin.File.Length > 0)
            {
                PluginLoader.LogSkipped(host.GetRequiredService<ILoggerFactory>().CreateLogger<PluginLoader>(), broken);
            }
        }

        Plugins = used;
        _all = [.. all];
        _byName = all.SelectMany(type => type.Aliases.Prepend(type.Name).Select(name => KeyValuePair.Create(name, type)))
            .ToFrozenDictionary(StringComparer.Ordinal);
        _byClass = all.GroupBy(type => type.Type.ObjectClass).ToFrozenDictionary(types => types.Key, types => types.ToArray());

        RegisteredObjectType Register(ObjectType type, LoadedPlugin plugin, IServiceProvider services)
        {
            try
            {
                TurnLimits limits = options.LimitsFor(type);
                if (limits.TimeLimit is { } limit && limit != Timeout.InfiniteTimeSpan && (limit <= TimeSpan.Zero || limit.TotalMilliseconds > int.MaxValue))
                    throw new ArgumentException($"its {nameof(ObjectType.HandlerTimeLimit)} must be positive and at most 24 days, not {limit}");
                return new RegisteredObjectType(type, plugin, services, settings.GetSection(type.Name), limits, new HandlerSpeed(time));
            }
            catch (Exception failed)
            {
                throw new PluginLoadException(
                    plugin.Name, plugin.File, $"its object type {type.Name} cannot be registered: {ExceptionText.ForClient(failed)}", failed);
            }
        }
    }

    /// <summary>The plugins.</summary>
    public IReadOnlyList<LoadedPlugin> Plugins { get; }

    /// <summary>All types, in the order of their registration.</summary>
    public IReadOnlyList<RegisteredObjectType> All => _all;

    /// <summary>Finds the type with a name or an alias, compared exactly.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <returns>True if there is one.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out RegisteredObjectType? type) => _byName.TryGetValue(name, out type);

    /// <summary>Finds the type that recognizes an object: first a type declared for exactly its class, then the first registered one.</summary>
    /// <param name="value">The object.</param>
    /// <returns>The type, or null if none recognizes the object. An exception of <see cref="ObjectType.IsType"/> is not caught.</returns>
    public RegisteredObjectType? Find(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (_byClass.TryGetValue(value.GetType(), out RegisteredObjectType[]? exact) && First(exact, value) is { } type)
            return type;
        return First(_all, value);
    }

    /// <summary>Disposes the services of the plugins.</summary>
    /// <returns>Completes when they are.</returns>
    public async ValueTask DisposeAsync()
    {
        PluginCulture.Apply();
        for (int last = _providers.Count - 1; last >= 0; last--)
            await _providers[last].DisposeAsync().ConfigureAwait(false);
    }

    private static RegisteredObjectType? First(RegisteredObjectType[] types, object value)
    {
        foreach (RegisteredObjectType type in types)
        {
            if (type.Type.IsType(value))
                return type;
        }

        return null;
    }
}
