using System.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Errors;

namespace Wharf.Gateway.Hosting;

/// <summary>
/// Replaces gRPC's method provider for services of other packages, such as health and reflection, so that they, too, report malformed requests as INVALID_ARGUMENT.
/// </summary>
internal sealed class CheckedMethods<TService> : IServiceMethodProvider<TService>
    where TService : class
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TService> context)
    {
        for (Type? type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is not { } bind)
                continue;
            var method = bind.BindType.GetMethod(bind.BindMethodName, BindingFlags.Public | BindingFlags.Static, [typeof(ServiceBinderBase), type])!;
            method.Invoke(null, [new Binder(context), null]);
            return;
        }
    }

    private sealed class Binder(ServiceMethodProviderContext<TService> context) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            context.AddUnaryMethod(CheckedMarshaller.Of(method), CallMetadata.OfService(method.ServiceName), Find<UnaryServerMethod<TService, TRequest, TResponse>>(method.Name, typeof(TRequest), typeof(ServerCallContext)));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddServerStreamingMethod(CheckedMarshaller.Of(method), CallMetadata.OfService(method.ServiceName), Find<ServerStreamingServerMethod<TService, TRequest, TResponse>>(
                method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext)));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddClientStreamingMethod(CheckedMarshaller.Of(method), CallMetadata.OfService(method.ServiceName), Find<ClientStreamingServerMethod<TService, TRequest, TResponse>>(
                method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext)));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddDuplexStreamingMethod(CheckedMarshaller.Of(method), CallMetadata.OfService(method.ServiceName), Find<DuplexStreamingServerMethod<TService, TRequest, TResponse>>(
                method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext)));

        private static TDelegate Find<TDelegate>(string name, params Type[] parameters)
            where TDelegate : Delegate => typeof(TService).GetMethod(name, BindingFlags.Public | BindingFlags.Instance, parameters)!.CreateDelegate<TDelegate>();
    }
}
