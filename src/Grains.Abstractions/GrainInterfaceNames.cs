using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Runtime;

namespace Wharf.Grains;

/// <summary>
/// Caches the names of grain interfaces. Without the cache, Orleans reads them from the interface's attributes by reflection on each lookup of a grain, which
/// costs several times as much as the rest of the lookup.
/// </summary>
public static class GrainInterfaceNames
{
    /// <summary>Adds the cache. Call this after Orleans is added, in the configuration of the silo or of the client.</summary>
    /// <param name="services">The services of the silo or client.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection CacheGrainInterfaceNames(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        // The first provider that resolves a name wins.
        services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider, CachedNames>());
        return services;
    }

    private sealed class CachedNames(IServiceProvider services) : IGrainInterfaceTypeProvider
    {
        private readonly AttributeGrainInterfaceTypeProvider _attributes = new(services);
        private readonly ConcurrentDictionary<Type, GrainInterfaceType> _names = new();

        public bool TryGetGrainInterfaceType(Type type, out GrainInterfaceType grainInterfaceType)
        {
            if (_names.TryGetValue(type, out grainInterfaceType))
                return true;
            if (!_attributes.TryGetGrainInterfaceType(type, out grainInterfaceType))
                return false;
            _names[type] = grainInterfaceType;
            return true;
        }
    }
}
