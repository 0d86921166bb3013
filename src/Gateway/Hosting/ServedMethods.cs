using System.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Errors;
using Wharf.Grains;

namespace Wharf.Gateway.Hosting;

/// <summary>Wraps a service for mapping by <see cref="ServedMethods{TService}"/>: methods that it does not override return UNIMPLEMENTED with a hint, malformed requests INVALID_ARGUMENT.</summary>
internal sealed class Served<TService>(TService service)
    where TService : class
{
    public TService Service { get; } = service;
}

/// <summary>Adds the methods of a service's generated base class.</summary>
internal sealed class ServedMethods<TService> : IServiceMethodProvider<Served<TService>>
    where TService : class
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Served<TService>> context)
    {
        var generated = typeof(TService).BaseType!;
        var bind = generated.GetCustomAttribute<BindServiceMethodAttribute>()
            ?? throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated service");
        var method = bind.BindType.GetMethod(bind.BindMethodName, BindingFlags.Public | BindingFlags.Static, [typeof(ServiceBinderBase), generated])!;
        method.Invoke(null, [new Binder(context, generated), null]);
    }

    private sealed class Binder(ServiceMethodProviderContext<Served<TService>> context, Type generated) : ServiceBinderBase
    {
        private readonly IReadOnlyList<string> _boundElsewhere = typeof(TService).GetCustomAttribute<BoundElsewhereAttribute>()?.Methods ?? [];

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        {
            if (_boundElsewhere.Contains(method.Name))
                return;
            var handling = Find(method.Name, typeof(TRequest), typeof(ServerCallContext));
            var call = handling?.CreateDelegate<UnaryServerMethod<TService, TRequest, TResponse>>();
            context.AddUnaryMethod(CheckedMarshaller.Of(method), Metadata(method.Name, handling), call is null
                ? (_, _, _) => throw Refusal(method.FullName)
                : (served, request, server) => call(served.Service, request, server));
        }

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        {
            if (_boundElsewhere.Contains(method.Name))
                return;
            var handling = Find(method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
            var call = handling?.CreateDelegate<ServerStreamingServerMethod<TService, TRequest, TResponse>>();
            context.AddServerStreamingMethod(CheckedMarshaller.Of(method), Metadata(method.Name, handling), call is null
                ? (_, _, _, _) => throw Refusal(method.FullName)
                : (served, request, responses, server) => call(served.Service, request, responses, server));
        }

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        {
            if (_boundElsewhere.Contains(method.Name))
                return;
            var handling = Find(method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
            var call = handling?.CreateDelegate<ClientStreamingServerMethod<TService, TRequest, TResponse>>();
            context.AddClientStreamingMethod(CheckedMarshaller.Of(method), Metadata(method.Name, handling), call is null
                ? (_, _, _) => throw Refusal(method.FullName)
                : (served, requests, server) => call(served.Service, requests, server));
        }

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        {
            if (_boundElsewhere.Contains(method.Name))
                return;
            var handling = Find(method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
            var call = handling?.CreateDelegate<DuplexStreamingServerMethod<TService, TRequest, TResponse>>();
            context.AddDuplexStreamingMethod(CheckedMarshaller.Of(method), Metadata(method.Name, handling), call is null
                ? (_, _, _, _) => throw Refusal(method.FullName)
                : (served, requests, responses, server) => call(served.Service, requests, responses, server));
        }

        private static FaultException Refusal(string method) => new(FaultCode.Unimplemented, UnservedCalls.Explain(method));

        private static IList<object> Metadata(string name, MethodInfo? handling) =>
            handling is null ? CallMetadata.OfUnserved(typeof(TService), name) : CallMetadata.OfServed(handling);

        // Returns null for a method that the service does not override.
        private MethodInfo? Find(string name, params Type[] parameters)
        {
            var method = typeof(TService).GetMethod(name, BindingFlags.Public | BindingFlags.Instance, parameters)!;
            return method.DeclaringType == generated ? null : method;
        }
    }
}
