using Google.Protobuf.Reflection;
using Grpc.Health.V1;

namespace Wharf.Security.Fuzzing;

/// <summary>Every RPC of the port, from the descriptors of the generated code: a new one is found without being listed.</summary>
internal static class ServedCalls
{
    /// <summary>The RPCs, in a stable order.</summary>
    public static IReadOnlyList<MethodDescriptor> All { get; } =
    [
        .. Files().SelectMany(static file => file.Services).SelectMany(static service => service.Methods).OrderBy(static method => method.FullName, StringComparer.Ordinal),
    ];

    /// <summary>Returns the path of the HTTP request of a method.</summary>
    public static string PathOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";

    // Every generated file has a class with its descriptor.
    private static IEnumerable<FileDescriptor> Files() =>
        new[] { typeof(Protocol.Grpc.SessionService).Assembly, typeof(Health).Assembly, typeof(global::Grpc.Reflection.V1.ServerReflection).Assembly }
            .SelectMany(static assembly => assembly.GetExportedTypes())
            .Where(static type => type.IsAbstract && type.IsSealed)
            .Select(static type => type.GetProperty("Descriptor", typeof(FileDescriptor))?.GetValue(null))
            .OfType<FileDescriptor>();
}
