using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Wharf.Gateway.Hosting;

/// <summary>A gRPC service with its handler.</summary>
/// <param name="descriptor">The service.</param>
internal abstract class ServedService(Google.Protobuf.Reflection.ServiceDescriptor descriptor)
{
    /// <summary>The service.</summary>
    public Google.Protobuf.Reflection.ServiceDescriptor Descriptor => descriptor;

    /// <summary>Whether reflection lists the service.</summary>
    public bool IsReflected { get; init; } = true;

    /// <summary>Registers the handler.</summary>
    public abstract void AddTo(IServiceCollection services);

    /// <summary>Maps the handler.</summary>
    public abstract void Map(IEndpointRouteBuilder endpoints);
}

/// <inheritdoc/>
/// <typeparam name="THandler">The handler.</typeparam>
internal sealed class ServedService<THandler>(Google.Protobuf.Reflection.ServiceDescriptor descriptor) : ServedService(descriptor)
    where THandler : class
{
    /// <inheritdoc/>
    public override void AddTo(IServiceCollection services)
    {
        services.TryAddSingleton<THandler>();
        services.TryAddSingleton<Served<THandler>>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<Served<THandler>>, ServedMethods<THandler>>());
    }

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<Served<THandler>>();
}
