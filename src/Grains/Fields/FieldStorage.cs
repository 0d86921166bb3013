using System.Collections.Immutable;
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

/// <summary>The fields as they are kept.</summary>
[GenerateSerializer]
[Alias("wharf.StoredFields")]
internal sealed class StoredFields
{
    /// <summary>The version of the fields.</summary>
    [Id(0)]
    public long Version { get; set; }

    /// <summary>The fields.</summary>
    [Id(1)]
    public ImmutableArray<FieldDescription> Fields { get; set; } = [];

    /// <summary>What the nodes' configurations say.</summary>
    [Id(2)]
    public ImmutableArray<FieldConfiguration> Configured { get; set; } = [];

    /// <summary>Which nodes can make objects, by their types.</summary>
    [Id(3)]
    public Dictionary<string, List<string>> Makers { get; set; } = [];
}
