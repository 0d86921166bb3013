using Grpc.Core;
using Wharf.Plugins.Hosting;

namespace Wharf.Cli;

/// <summary>How the command ends, for scripts.</summary>
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

/// <summary>A failure that the command itself has found.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="exitCode">How the command ends.</param>
/// <param name="advice">What to do about it, if anything.</param>
internal sealed class CommandException(string message, int exitCode = ExitCodes.Failed, string? advice = null) : Exception(message)
{
    public int ExitCode => exitCode;

    public string? Advice => advice;
}

/// <summary>From whatever went wrong to a line for people and a code for scripts.</summary>
internal static class Failures
{
    /// <summary>What is said, what may help, and how the command ends; null for a defect of the command.</summary>
    public static (string Message, string? Advice, int ExitCode)? Explain(Exception failure, Uri? server) => failure switch
    {
        CommandException own => (own.Message, own.Advice, own.ExitCode),
        RpcException rpc => Explain(rpc.StatusCode, rpc.Status.Detail, server),
        OperationCanceledException => ("interrupted", null, ExitCodes.Interrupted),
        PluginLoadException or IOException or UnauthorizedAccessException or UriFormatException or InvalidDataException => (failure.Message, null, ExitCodes.Failed),
        _ => null,
    };

    /// <summary>The exit code of a status.</summary>
    public static int CodeOf(StatusCode status) => status switch
    {
        StatusCode.NotFound => ExitCodes.NotFound,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ExitCodes.NotAllowed,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => ExitCodes.Unreachable,
        _ => ExitCodes.Failed,
    };

    private static (string, string?, int) Explain(StatusCode status, string detail, Uri? server) => status switch
    {
        StatusCode.Unauthenticated => (
            detail.Length > 0 ? detail : "the server knows no such session", $"log in with: wharf login --server {server}", ExitCodes.NotAllowed),
        StatusCode.PermissionDenied => (detail, null, ExitCodes.NotAllowed),
        StatusCode.NotFound => (detail, "wharf objects lists what there is", ExitCodes.NotFound),
        StatusCode.Unavailable => ($"{server} cannot be reached: {detail}", "is the server running there? --server, or WHARF_SERVER, names another", ExitCodes.Unreachable),
        StatusCode.DeadlineExceeded => (detail, null, ExitCodes.Unreachable),
        StatusCode.Cancelled => ("interrupted", null, ExitCodes.Interrupted),
        _ => (detail.Length > 0 ? detail : status.ToString(), null, ExitCodes.Failed),
    };
}
