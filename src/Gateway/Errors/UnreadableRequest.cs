namespace Wharf.Gateway.Errors;

/// <summary>
/// Detects request streams that are not gRPC. The readers of gRPC and of gRPC-Web have no specific exception for them, so the method that threw identifies them; it is inspected only
/// for a call that fails.
/// </summary>
internal static class UnreadableRequest
{
    private const string Reader = "Grpc.AspNetCore.Server.Internal.PipeExtensions", TextReader = "Grpc.AspNetCore.Web.Internal.Base64PipeReader";

    /// <summary>Returns whether a request could not be read.</summary>
    public static bool IsCauseOf(Exception exception) => exception.TargetSite?.DeclaringType is { } type && IsReader(type.DeclaringType ?? type);

    /// <summary>Returns the text for the caller.</summary>
    public static string Explain(Exception exception) => $"The request cannot be read: {exception.Message}";

    // Asynchronous methods are compiled to nested types.
    private static bool IsReader(Type type) => type.FullName is Reader or TextReader;
}
