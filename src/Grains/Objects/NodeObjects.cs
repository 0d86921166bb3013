using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wharf.Grains.Logs;
using Wharf.Grains.References;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;
using Wharf.Plugins.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Objects;

/// <summary>The services of this node for its live objects.</summary>
internal sealed partial class NodeObjects(
    LiveObjects live,
    ObjectHolds holds,
    TableStore tables,
    TableWorker tableOperations,
    PluginPool pool,
    IGrainFactory grains,
    IConfiguration configuration,
    IOptions<PluginsOptions> plugins,
    IOptions<StreamLimits> streams,
    MemoryAccountant memory,
    TimeProvider time,
    ILoggerFactory loggers,
    ILogger<NodeObjects> logger,
    IServiceProvider services) : IReferenceServices, IContextServices
{
    /// <summary>The limits of an object that no type recognizes, which cannot be called.</summary>
    public static readonly TurnLimits NoLimits = new();

    // Clients cause the lines about objects at any rate.
    private readonly LogLimiter _lines = new(time, first: 10, TimeSpan.FromMinutes(1), maxKinds: 20);

    private volatile bool _stopping;

    public LiveObjects Live => live;

    public ObjectHolds Holds => holds;

    public TableStore Tables => tables;

    public TableWorker TableOperations => tableOperations;

    public PluginPool Pool => pool;

    public IGrainFactory Grains => grains;

    public IConfiguration Configuration => configuration;

    public MemoryAccountant Memory => memory;

    public TimeProvider Time => time;

    public TimeSpan ReplyTimeLimit => plugins.Value.ReplyTimeLimit;

    public StreamLimits StreamLimits => streams.Value;

    public ILoggerFactory LoggerFactory => loggers;

    public IServiceProvider Services => services;

    /// <summary>Returns a logger whose warnings are limited together with those of all objects of the node.</summary>
    public LimitedLogger Limited(ILogger unlimited) => new(unlimited, _lines);

    /// <summary>Whether the node rejects new streams.</summary>
    public bool IsStopping => _stopping;

    /// <inheritdoc/>
    public ObjectHold HoldInstance(object instance) => live.HoldInstance(instance, this);

    /// <summary>Rejects new streams from now on.</summary>
    public void Stop() => _stopping = true;

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "Lost the stream {StreamId} to another object")]
    public partial void LogConnectionLost(Exception exception, string streamId);
}
