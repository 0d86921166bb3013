using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Wharf.Grains.Logs;
using Wharf.Grains.Nodes;
using Wharf.Grains.Placement;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;
using Wharf.Grains.Telemetry;
using Wharf.Tables;

namespace Wharf.Grains.Objects;

/// <summary>Registers the grains of plugin objects and tables.</summary>
public static class ObjectsHostingExtensions
{
    /// <summary>Adds the services of the plugin object and table grains. Requires the plugin hosting services and a <see cref="TimeProvider"/>.</summary>
    /// <param name="silo">The silo.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder AddWharfObjects(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.CacheGrainInterfaceNames();
        silo.AddPlacementDirector<OwnSiloPlacement, OwnSiloPlacementDirector>();
        silo.AddGrainDirectory(OwnSiloDirectory.Name, static (_, _) => new OwnSiloDirectory());
        AddObjects(silo.Services)
            .AddHostedService<NodeSweeper>()
            .AddHostedService<FormulaWarmup>()
            .AddSingleton<LostHolders>()
            .AddHostedService(static services => services.GetRequiredService<LostHolders>())
            .AddHostedService<ObjectInstruments>();
        return silo;
    }

    /// <summary>Adds the services without a silo.</summary>
    internal static IServiceCollection AddObjects(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<StreamLimits>().BindConfiguration(StreamLimits.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StreamLimits>, StreamLimitsValidator>();
        services.AddSingleton<NodeIdentity>();
        services.TryAddSingleton<NodeAddress>();
        services.TryAddSingleton<AnnouncedLosses>();
        services.AddSingleton<LiveObjects>();
        services.AddSingleton<ObjectHolds>();
        services.AddSingleton<ILocalObjects>(static provider => provider.GetRequiredService<ObjectHolds>());
        services.AddSingleton<NodeObjects>();
        services.TryAddSingleton(static provider => new MemoryAccountant(MemoryLimits.Unlimited, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TableStore>();
        services.AddSingleton<INodeTables>(static provider => provider.GetRequiredService<TableStore>());
        services.AddSingleton<TablePool>();
        services.TryAddSingleton<DefectLog>();
        services.AddSingleton<TableComputer>();
        services.AddSingleton<RequestedTableOperations>();
        services.AddSingleton<ITableDispatcher, TableDispatcher>();
        services.AddSingleton<TableWorker>();
        services.AddSingleton(static provider => new TableEngine(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IObjectDrain, ObjectDrain>();
        services.AddSingleton<IProgramObjects, ProgramObjects>();
        return services;
    }
}
