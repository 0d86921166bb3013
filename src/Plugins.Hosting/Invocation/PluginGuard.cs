using Microsoft.Extensions.Logging;
using Wharf.Tables;

namespace Wharf.Plugins.Hosting;

/// <summary>Converts an exception of a plugin to the fault that its caller receives. Does not throw, even if the members of the exception do.</summary>
public static class PluginGuard
{
    /// <summary>The maximum length of a plugin's message for the caller, in UTF-8 bytes: a status is sent in a header.</summary>
    public const int MaxMessageBytes = ExceptionText.MaxBytes;

    /// <summary>
    /// Converts an exception to a fault. A <see cref="PluginException"/> keeps its status and its message; a failure to allocate memory is RESOURCE_EXHAUSTED; a cancellation by the call's own
    /// token is CANCELLED. Any other exception is INVALID_ARGUMENT with its message and the id of a log entry with this exception or an earlier one of its kind (<see cref="FailureLog"/>).
    /// </summary>
    /// <param name="exception">The exception that the plugin threw.</param>
    /// <param name="logger">The logger that receives the whole exception.</param>
    /// <param name="cancellationToken">The token that was passed to the call.</param>
    /// <returns>The fault.</returns>
    public static PluginFault ToFault(Exception exception, ILogger logger, CancellationToken cancellationToken = default) =>
        ToFault(exception, logger, new FailureLog(TimeProvider.System), "", cancellationToken);

    /// <inheritdoc cref="ToFault(Exception, ILogger, CancellationToken)"/>
    /// <param name="exception">The exception that the plugin threw.</param>
    /// <param name="logger">The logger that receives the whole exception.</param>
    /// <param name="failures">Decides whether the exception is written.</param>
    /// <param name="type">The name of the object's type.</param>
    /// <param name="cancellationToken">The token that was passed to the call.</param>
    internal static PluginFault ToFault(Exception exception, ILogger logger, FailureLog failures, string type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Exception cause = ExceptionText.Unwrap(exception);
        if (cause is OperationCanceledException && cancellationToken.IsCancellationRequested)
            return new PluginFault(PluginFault.Cancelled, "the call was cancelled");
        if (cause is not (PluginException or TableException) && MemoryFailure.Is(cause))
            return new PluginFault((int)PluginStatus.ResourceExhausted, MemoryFailure.Text);
        string message = ExceptionText.MessageOf(cause);
        return StatusOf(cause) is { } status && ExceptionText.Fits(message)
            ? new PluginFault(status, ExceptionText.Cut(message))
            : Logged(StatusOf(cause) ?? PluginFault.InvalidArgument, exception, message, logger, failures, type);
    }

    /// <summary>
    /// Returns the text of an exception for its caller: the message of the innermost exception or the name of its type, well-formed and cut to
    /// <see cref="MaxMessageBytes"/>.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <returns>The text, never empty.</returns>
    public static string TextOf(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return ExceptionText.ForClient(exception);
    }

    /// <summary>Converts an exception to the exception that a client sees.</summary>
    /// <param name="exception">The exception that the plugin threw.</param>
    /// <returns>A <see cref="PluginException"/> with the status and text of <see cref="ToFault(Exception, ILogger, CancellationToken)"/>, without the error id.</returns>
    public static PluginException ToPluginException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Exception cause = ExceptionText.Unwrap(exception);
        return new PluginException((PluginStatus)(StatusOf(cause) ?? PluginFault.InvalidArgument), TextOf(cause), ExceptionText.ForLog(exception));
    }

    /// <summary>Whether an exception reaches its caller with its own status and complete message.</summary>
    /// <param name="exception">The exception that the plugin threw.</param>
    /// <returns>True for a <see cref="PluginException"/> with a readable message that is not cut.</returns>
    public static bool IsPassedUnchanged(Exception exception) =>
        exception is PluginException { Status: var status } && Enum.IsDefined(status) && ExceptionText.ForLog(exception) == exception
            && ExceptionText.Fits(exception.Message);

    /// <summary>Returns the status of a deliberate failure; null for any other exception and for an undefined status.</summary>
    private static int? StatusOf(Exception cause) => cause switch
    {
        PluginException deliberate when Enum.IsDefined(deliberate.Status) => (int)deliberate.Status,
        TableException table => (int)table.Error,
        OutOfMemoryException => (int)PluginStatus.ResourceExhausted,
        _ => null,
    };

    private static PluginFault Logged(int code, Exception exception, string message, ILogger logger, FailureLog failures, string type)
    {
        string? errorId = null;
        try
        {
            errorId = failures.Write(type, exception, logger);
        }
        catch (Exception)
        {
            // The caller receives the fault even if the log cannot be written.
        }

        return errorId is null
            ? new PluginFault(code, ExceptionText.Cut(message))
            : new PluginFault(code, $"{ExceptionText.Cut(message)} (error id {errorId})", errorId);
    }
}
