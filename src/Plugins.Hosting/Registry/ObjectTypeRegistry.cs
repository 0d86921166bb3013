using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>The object types of a server. Fixed once the plugins are loaded, and so free of locks.</summary>
public sealed class ObjectTypeRegistry : IAsyncDisposable
{
    private readonly RegisteredObjectType[] _all;
    private readonly FrozenDictionary<string, RegisteredObjectType> _byName;
    private readonly FrozenDictionary<Type, RegisteredObjectType[]> _byClass;
    private readonly List<ServiceProvider> _providers = [];

    /// <summary>Makes the registry and the services of each plugin.</summary>
    /// <param name="plugins">The plugins, in the order of their registration.</param>
    /// <param name="options">Their limits.</param>
    /// <param name="host">The server's services: logger factory, clock and configuration are taken from here.</param>
    /// <exception cref="PluginLoadException">The services of a plugin do not fit together.</exception>
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
                return new RegisteredObjectType(type, plugin, services, settings.GetSection(type.Name), limits, new TurnPace(time));
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

    /// <summary>The type of a name or an alias, compared exactly.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <returns>True when there is one.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out RegisteredObjectType? type) => _byName.TryGetValue(name, out type);

    /// <summary>The type that recognizes an object: one declared for exactly its class first, then the first to be registered.</summary>
    /// <param name="value">The object.</param>
    /// <returns>The type, or null when none recognizes it. What a type throws when it is asked comes through.</returns>
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
