using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using Wharf.Tables;

namespace Wharf.Plugins.Hosting;

/// <summary>Turns what a plugin throws into what its caller is told.</summary>
public static partial class PluginGuard
{
    /// <summary>How many bytes of a plugin's message reach the caller, in UTF-8: a status travels in a header.</summary>
    public const int MaxMessageBytes = 3 * 1024;

    /// <summary>
    /// A <see cref="PluginException"/> keeps its status and its message; a cancellation that the call's own token asked for is CANCELLED; everything else is
    /// INVALID_ARGUMENT with the exception's message and an id under which the log has the whole exception.
    /// </summary>
    /// <param name="exception">What the plugin threw.</param>
    /// <param name="logger">Where the whole exception goes.</param>
    /// <param name="cancellationToken">The token that the call had.</param>
    /// <returns>The fault.</returns>
    public static PluginFault ToFault(Exception exception, ILogger logger, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Exception cause = Unwrap(exception);
        return cause switch
        {
            OperationCanceledException when cancellationToken.IsCancellationRequested => new PluginFault(PluginFault.Cancelled, "the call was cancelled"),
            PluginException deliberate when Fits(cause.Message) => new PluginFault((int)deliberate.Status, cause.Message),
            PluginException deliberate => Logged((int)deliberate.Status, exception, cause.Message, logger),
            TableException table when Fits(cause.Message) => new PluginFault((int)table.Error, cause.Message),
            TableException table => Logged((int)table.Error, exception, cause.Message, logger),
            _ => Logged(PluginFault.InvalidArgument, exception, cause.Message, logger),
        };
    }

    private static PluginFault Logged(int code, Exception exception, string message, ILogger logger)
    {
        string errorId = Guid.NewGuid().ToString("N");
        LogFailed(logger, exception, errorId);
        return new PluginFault(code, $"{Cut(message)} (error id {errorId})", errorId);
    }

    /// <summary>What a blocking wait or a reflective call wraps says nothing; what is inside does.</summary>
    private static Exception Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        _ => exception,
    };

    private static bool Fits(string message) => message.Length <= MaxMessageBytes / 3 || Encoding.UTF8.GetByteCount(message) <= MaxMessageBytes;

    private static string Cut(string message)
    {
        if (Fits(message))
            return message;
        int bytes = 0;
        int characters = 0;
        foreach (Rune rune in message.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxMessageBytes)
                break;
            characters += rune.Utf16SequenceLength;
        }

        return message[..characters];
    }

    [LoggerMessage(EventId = 3010, Level = LogLevel.Error, Message = "A plugin failed; its caller knows this as error id {ErrorId}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string errorId);
}
