using Grpc.Health.V1;
using Grpc.Reflection;
using Wharf.Gateway.Hosting;
using Wharf.Server.Cluster.Ports;

namespace Wharf.Server.Hosting;

/// <summary>Adds the endpoint for clients, and gRPC reflection.</summary>
internal static class GatewayHosting
{
    /// <summary>Adds the port for clients.</summary>
    public static void AddEndpoint(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(KestrelEndpoint.ConfigureWharfEndpoint);
        builder.Services.AddPortSettings();
        // Hides a warning about HTTP/1.1 and HTTP/2 on a plaintext port: the gateway distinguishes them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
    }

    /// <summary>Adds the gRPC reflection services.</summary>
    public static void AddReflection(this WebApplicationBuilder builder)
    {
        Google.Protobuf.Reflection.ServiceDescriptor[] services =
        [
            .. ServedServices.Reflected,
            .. HealthReflection.Descriptor.Services,
            .. global::Grpc.Reflection.V1.ReflectionReflection.Descriptor.Services,
            .. global::Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor.Services,
        ];
        builder.Services.AddSingleton(new ReflectionServiceImpl(services));
        builder.Services.AddSingleton(new ReflectionV1ServiceImpl(services));
    }

    /// <summary>Maps the gRPC reflection services, in the current version and in that of older tools.</summary>
    public static void MapReflection(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ReflectionServiceImpl>();
        endpoints.MapGrpcService<ReflectionV1ServiceImpl>();
    }
}
