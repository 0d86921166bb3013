using System.Collections.Immutable;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Wharf.Grains;
using Wharf.Grains.Fields;
using Wharf.Grains.Management;
using Wharf.Grains.Nodes;
using Wharf.Plugins.Hosting;
using Wharf.Server.Cluster;
using Wharf.Server.Cluster.Store;

namespace Wharf.Server.Hosting;

/// <summary>Adds the objects that every session finds by name.</summary>
internal static class ConfiguredObjectsHosting
{
    private static readonly KeyValuePair<string, string?>[] BuiltIn = [new($"{ConfiguredObjects.Section}:{ManagementHosting.ObjectName}:Type", ManagementHosting.TypeName)];

    /// <summary>Adds the objects of <c>Wharf:Fields</c> and the object that manages the others. They are created before the server accepts calls.</summary>
    public static void AddConfiguredObjects(this WebApplicationBuilder builder)
    {
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = BuiltIn });
        builder.Services.AddSingleton(provider => new ConfiguredObjects(provider.GetRequiredService<IConfiguration>().GetSection(ConfiguredObjects.Section)));
        builder.Services.AddSingleton<ConfiguredObjectsStart>();
        builder.Services.AddHostedService(static provider => provider.GetRequiredService<ConfiguredObjectsStart>());
        builder.Services.AddHostedService(static provider => ActivatorUtilities.CreateInstance<ConfiguredObjectsRestore>(provider));
    }
}

/// <summary>Registers the types and configured objects of this node again after the store has lost its data.</summary>
internal sealed partial class ConfiguredObjectsRestore(ConfiguredObjectsStart objects, ILogger<ConfiguredObjectsRestore> logger, StoreState? store = null) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (store is not null)
        {
            await store.NextRestoration.WaitAsync(stoppingToken);
            try
            {
                await objects.StartAsync(stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotOffered(failed);
            }
        }
    }

    [LoggerMessage(
        EventId = 5203, Level = LogLevel.Warning,
        Message = "Failed to write the named objects of this node to the emptied store; the next change of a name will write them")]
    private partial void LogNotOffered(Exception exception);
}

/// <summary>Creates the configured objects after the silo has started and before the port is opened.</summary>
internal sealed partial class ConfiguredObjectsStart(
    ConfiguredObjects objects, ObjectTypeRegistry types, IOptions<MembershipOptions> membership, ILocalSiloDetails silo, IGrainFactory grains, TimeProvider time,
    ILogger<ConfiguredObjectsStart> logger) : IHostedService
{
    private static readonly TimeSpan SettlingLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<FieldConfiguration> fields = objects.Fields;
        var directory = grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await directory.OfferAsync(
                    NodeGrains.NameOf(silo.SiloAddress), [.. types.All.SelectMany(static type => type.Aliases.Prepend(type.Name))], cancellationToken);
                if (!fields.IsEmpty)
                    await directory.ConfigureAsync(fields, cancellationToken);
                return;
            }
            catch (FaultException missing) when (missing.Fault.Code == FaultCode.NotFound && membership.Value.IsEnabled)
            {
                // Another node may have the type. Without a cluster it is a configuration error.
                LogWaiting(missing.Fault.Message);
                return;
            }
            catch (Exception unsettled) when (IsUnsettled(unsettled) && time.GetElapsedTime(start) < SettlingLimit)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // While nodes join and leave, the directory may be moving to another node.
    private static bool IsUnsettled(Exception exception) =>
        exception is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or FaultException { Fault.Code: FaultCode.Unavailable };

    [LoggerMessage(EventId = 5201, Level = LogLevel.Warning, Message = "Failed to create some fields; they are created when a node with their types joins: {Reason}")]
    private partial void LogWaiting(string reason);
}
