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

/// <summary>The objects that every session finds by name.</summary>
internal static class NamedObjectsHosting
{
    private static readonly KeyValuePair<string, string?>[] BuiltIn = [new($"{NamedObjects.Section}:{ManagementHosting.ObjectName}:Type", ManagementHosting.TypeName)];

    /// <summary>Has the objects of <c>Wharf:Fields</c> made before the server serves, and the one that manages the others.</summary>
    public static void AddNamedObjects(this WebApplicationBuilder builder)
    {
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = BuiltIn });
        builder.Services.AddSingleton(provider => new NamedObjects(provider.GetRequiredService<IConfiguration>().GetSection(NamedObjects.Section)));
        builder.Services.AddSingleton<NamedObjectsStart>();
        builder.Services.AddHostedService(static provider => provider.GetRequiredService<NamedObjectsStart>());
        builder.Services.AddHostedService(static provider => ActivatorUtilities.CreateInstance<NamedObjectsAgain>(provider));
    }
}

/// <summary>Registers the types and configured objects of this node again after the store has lost its data.</summary>
internal sealed partial class NamedObjectsAgain(NamedObjectsStart objects, ILogger<NamedObjectsAgain> logger, StoreState? store = null) : BackgroundService
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

/// <summary>Makes the configured objects, once the silo runs and before the port opens.</summary>
internal sealed partial class NamedObjectsStart(
    NamedObjects objects, ObjectTypeRegistry types, IOptions<MembershipOptions> membership, ILocalSiloDetails silo, IGrainFactory grains, TimeProvider time,
    ILogger<NamedObjectsStart> logger) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
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
                // Another node may have what this one has not. A node that is alone waits for nobody: there it is a mistake.
                LogWaiting(missing.Fault.Message);
                return;
            }
            catch (Exception unsettled) when (IsUnsettled(unsettled) && time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // While nodes come and go, a call may find the directory on its way from one to another.
    private static bool IsUnsettled(Exception exception) =>
        exception is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or FaultException { Fault.Code: FaultCode.Unavailable };

    [LoggerMessage(EventId = 5201, Level = LogLevel.Warning, Message = "Some fields wait for a node that has their types. {Reason}")]
    private partial void LogWaiting(string reason);
}
