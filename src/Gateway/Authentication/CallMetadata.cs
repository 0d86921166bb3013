using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Wharf.Gateway.Authentication;

/// <summary>Converts the attributes of handlers to endpoint metadata, and reads them from calls.</summary>
internal static class CallMetadata
{
    private static readonly string[] InfrastructureServices = ["grpc.health.", "grpc.reflection."];

    /// <summary>Returns the metadata of a method that a handler serves.</summary>
    public static IList<object> OfServed(MethodInfo method) => [.. method.GetCustomAttributes<CallAttribute>(inherit: false)];

    /// <summary>Returns the metadata of a method that a handler does not serve.</summary>
    public static IList<object> OfUnserved(Type handler, string method) =>
        handler.GetCustomAttribute<UnservedWithoutSessionAttribute>()?.Methods.Contains(method) == true ? [new NoSessionAttribute()] : [];

    /// <summary>Returns the metadata of a service of another package.</summary>
    public static IList<object> OfService(string service) =>
        InfrastructureServices.Any(prefix => service.StartsWith(prefix, StringComparison.Ordinal)) ? [new NoSessionAttribute(), new InfrastructureCallAttribute()] : [];

    /// <summary>Returns an attribute of the call's RPC, or null.</summary>
    public static T? FindCallAttribute<T>(this HttpContext http)
        where T : CallAttribute => http.GetEndpoint()?.Metadata.GetMetadata<T>();

    /// <summary>Returns whether the call's RPC has an attribute.</summary>
    public static bool HasCallAttribute<T>(this HttpContext http)
        where T : CallAttribute => http.FindCallAttribute<T>() is not null;
}
