using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Wharf.Grains.Fields;

/// <summary>The grain storage of the named fields, which preserves them when the node of their directory is lost.</summary>
public static class FieldStorage
{
    /// <summary>The name of the grain storage. A silo of a cluster registers a storage that all nodes share, before it adds the sessions.</summary>
    public const string Name = "wharf-fields";

    /// <summary>Adds in-memory storage unless a storage is registered.</summary>
    internal static void AddFieldStorage(this ISiloBuilder silo)
    {
        if (!silo.Services.Any(static service => service.IsKeyedService && Equals(service.ServiceKey, Name) && service.ServiceType == typeof(IGrainStorage)))
            silo.AddMemoryGrainStorage(Name);
        silo.Services.AddKeyedSingleton<IGrainStorageSerializer>(
            Name, static (services, _) => new OrleansGrainStorageSerializer(services.GetRequiredService<Serializer>()));
    }
}
