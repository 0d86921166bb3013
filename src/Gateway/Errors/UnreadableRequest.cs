namespace Wharf.Gateway.Errors;

/// <summary>
/// Bytes of a stream of requests that are no gRPC. The readers of gRPC and of gRPC-Web have no exception of their own for them, so the method that threw identifies them; it is looked up only
/// for a call that fails.
/// </summary>
internal static class UnreadableRequest
{
    private const string Reader = "Grpc.AspNetCore.Server.Internal.PipeExtensions", TextReader = "Grpc.AspNetCore.Web.Internal.Base64PipeReader";

    /// <summary>Returns whether a request could not be read.</summary>
    public static bool IsCauseOf(Exception exception) => exception.TargetSite?.DeclaringType is { } type && IsReader(type.DeclaringType ?? type);

    /// <summary>Returns the text for the caller.</summary>
    public static string Explain(Exception exception) => $"The request cannot be read: {exception.Message}";

    // The methods of asynchronous readers are in types within them.
    private static bool IsReader(Type type) => type.FullName is Reader or TextReader;
}
