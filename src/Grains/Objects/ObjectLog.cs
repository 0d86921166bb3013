using Microsoft.Extensions.Logging;

namespace Wharf.Grains.Objects;

/// <summary>The log messages about calls into plugin objects.</summary>
internal static partial class ObjectLog
{
    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "A timer tick failed: {Fault}")]
    public static partial void LogTickFailed(ILogger logger, string fault);

    [LoggerMessage(
        EventId = 2152,
        Level = LogLevel.Warning,
        Message = "The object type {Type} sent no message before its connect call returned on the stream {StreamId}; the client of this stream waits for one")]
    public static partial void LogSilentConnect(ILogger logger, string type, string streamId);

    [LoggerMessage(
        EventId = 2153,
        Level = LogLevel.Warning,
        Message = "The {Call} call of an object of type {Type} has not returned for {Seconds} seconds, and {Waiting} calls wait for it; "
            + "they run when it returns. The setting Wharf:Plugins:TimeLimits limits the time of calls")]
    public static partial void LogLongTurn(ILogger logger, string call, string type, int seconds, int waiting);

    [LoggerMessage(EventId = 2151, Level = LogLevel.Warning, Message = "The {Call} call of an object failed: {Fault}")]
    public static partial void LogCallFailed(ILogger logger, string call, string fault);
}
