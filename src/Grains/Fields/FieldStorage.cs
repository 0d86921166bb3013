using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Wharf.Grains.Fields;

/// <summary>Where the named fields are kept, so that they outlive the node of their directory.</summary>
public static class FieldStorage
{
    /// <summary>The name of the grain storage; a silo of a cluster registers one that all nodes share, before it adds the sessions.</summary>
    public const string Name = "wharf-fields";

    /// <summary>Adds storage in memory unless the silo has a better one.</summary>
    internal static void AddFieldStorage(this ISiloBuilder silo)
    {
        if (!silo.Services.Any(static service => service.IsKeyedService && Equals(service.ServiceKey, Name) && service.ServiceType == typeof(IGrainStorage)))
            silo.AddMemoryGrainStorage(Name);
        silo.Services.AddKeyedSingleton<IGrainStorageSerializer>(
            Name, static (services, _) => new OrleansGrainStorageSerializer(services.GetRequiredService<Serializer>()));
    }
}
