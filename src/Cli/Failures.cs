using Grpc.Core;
using Wharf.Client;
using Wharf.Plugins.Hosting;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Cli;

/// <summary>The exit codes of the command.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotAllowed = 3;
    public const int NotFound = 4;
    public const int Unreachable = 5;
    public const int Interrupted = 130;
}

/// <summary>A failure that the command has detected.</summary>
/// <param name="message">The error message.</param>
/// <param name="exitCode">The exit code.</param>
/// <param name="advice">The advice for the user, if there is one.</param>
internal sealed class CommandException(string message, int exitCode = ExitCodes.Failed, string? advice = null) : Exception(message)
{
    public int ExitCode => exitCode;

    public string? Advice => advice;
}

/// <summary>Converts an exception to an error message and an exit code.</summary>
internal static class Failures
{
    /// <summary>The environment variable that makes the command show stack traces.</summary>
    public const string TraceVariable = "WHARF_TRACE";

    /// <summary>Returns the message, the advice and the exit code.</summary>
    public static (string Message, string? Advice, int ExitCode) Explain(Exception failure, Uri? server) => failure switch
    {
        CommandException own => (own.Message, own.Advice, own.ExitCode),
        RpcException rpc => Explain(rpc, server),
        OperationCanceledException => ("interrupted", null, ExitCodes.Interrupted),
        PluginLoadException or IOException or UnauthorizedAccessException or UriFormatException or InvalidDataException => (failure.Message, null, ExitCodes.Failed),
        _ when failure.InnerException is CommandException or IOException or RpcException or OperationCanceledException =>
            Explain(failure.InnerException, server),
        _ => ($"{failure.GetType().Name}: {failure.Message}", $"this is a bug in the command; {TraceVariable}=1 shows the stack trace", ExitCodes.Failed),
    };

    /// <summary>Returns the exit code of a status.</summary>
    public static int CodeOf(StatusCode status) => status switch
    {
        StatusCode.NotFound => ExitCodes.NotFound,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ExitCodes.NotAllowed,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => ExitCodes.Unreachable,
        StatusCode.Cancelled => ExitCodes.Interrupted,
        _ => ExitCodes.Failed,
    };

    private static (string, string?, int) Explain(RpcException failure, Uri? server)
    {
        var known = failure as WharfException;
        var detail = failure.Status.Detail;
        var (message, advice) = failure.StatusCode switch
        {
            StatusCode.Unauthenticated => (detail.Length > 0 ? detail : "the session does not exist", $"log in with: wharf login --server {server}"),
            StatusCode.NotFound when known?.Ticket is SharedTicket =>
                (detail, "a shared ticket ends when its publisher releases the object or disconnects"),
            StatusCode.NotFound => (detail, "wharf objects lists the objects"),
            StatusCode.Unavailable or StatusCode.DeadlineExceeded => (detail, known?.Advice),
            StatusCode.Cancelled => ("interrupted", null),
            _ => (detail, null),
        };
        return (message.Length > 0 ? message : failure.StatusCode.ToString(), advice, CodeOf(failure.StatusCode));
    }
}
