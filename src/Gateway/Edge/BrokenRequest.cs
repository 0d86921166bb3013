using System.Reflection;
using Microsoft.AspNetCore.Connections;

namespace Wharf.Gateway.Edge;

/// <summary>
/// Recognizes the end of a request by its client from the exception of the read: Kestrel marks the call as aborted at another moment. An error of the transport has no type of its own, so the
/// method that threw it identifies it; it is looked up only for a call that fails.
/// </summary>
internal static class BrokenRequest
{
    private const string Pipelines = "System.IO.Pipelines", Server = "Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>Returns whether a client has ended its request.</summary>
    public static bool IsCauseOf(Exception exception) => exception switch
    {
        BrokenCallException or ConnectionResetException or ConnectionAbortedException => true,
        OperationCanceledException => exception.InnerException is ConnectionAbortedException,
        IOException => IsReader(exception.TargetSite),
        _ => false,
    };

    // Kestrel completes the pipe of a request with the error, and the reader of the pipe throws it.
    private static bool IsReader(MethodBase? method) => method?.DeclaringType?.Assembly.GetName().Name is Pipelines or Server;
}
