using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
    TableWorker work,
    PluginPool pool,
    IGrainFactory grains,
    IConfiguration configuration,
    IOptions<PluginsOptions> plugins,
    IOptions<StreamLimits> streams,
    MemoryAccountant memory,
    TimeProvider time,
    ILoggerFactory loggers,
    ILogger<NodeObjects> logger,
    IServiceProvider services)
{
    /// <summary>The limits of an object that no type recognizes, which cannot be called.</summary>
    public static readonly TurnLimits NoLimits = new();

    private volatile bool _stopping;

    public LiveObjects Live => live;

    public ObjectHolds Holds => holds;

    public TableStore Tables => tables;

    public TableWorker Work => work;

    public PluginPool Pool => pool;

    public IGrainFactory Grains => grains;

    public IConfiguration Configuration => configuration;

    public MemoryAccountant Memory => memory;

    public TimeProvider Time => time;

    public TimeSpan ReplyTimeLimit => plugins.Value.ReplyTimeLimit;

    public StreamLimits StreamLimits => streams.Value;

    public ILoggerFactory LoggerFactory => loggers;

    public IServiceProvider Services => services;

    /// <summary>Whether the node rejects new streams.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Rejects new streams from now on.</summary>
    public void Stop() => _stopping = true;

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "Lost the stream {StreamId} to another object")]
    public partial void LogConnectionLost(Exception exception, string streamId);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "A timer tick failed: {Fault}")]
    public static partial void LogTickFailed(ILogger logger, string fault);

    [LoggerMessage(
        EventId = 2105,
        Level = LogLevel.Warning,
        Message = "The object type {Type} sent no message before its connect call returned on the stream {StreamId}; the client of this stream waits for one")]
    public static partial void LogSilentConnect(ILogger logger, string type, string streamId);

    [LoggerMessage(
        EventId = 2106,
        Level = LogLevel.Warning,
        Message = "The {Call} call of an object of type {Type} has not returned for {Seconds} seconds, and {Waiting} calls wait for it; "
            + "they run when it returns. The setting Wharf:Plugins:TimeLimits limits the time of calls")]
    public static partial void LogLongTurn(ILogger logger, string call, string type, int seconds, int waiting);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "The {Call} call of an object failed: {Fault}")]
    public static partial void LogCallFailed(ILogger logger, string call, string fault);
}
