using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Wharf.Gateway.Edge;
using Wharf.Grains;

namespace Wharf.Gateway.Authentication;

/// <summary>Admits only calls of nodes and health checks, on the port of a silo that does not serve clients.</summary>
internal sealed class NodesOnlyInterceptor(NodeCalls nodes) : Interceptor, ICallerAdmission
{
    /// <summary>The error text for clients.</summary>
    public const string Advice = "This is a silo, which serves no clients; connect to a gateway of the cluster, which is a node whose role is gateway or all";

    private static readonly Fault NotForClients = new(FaultCode.Unimplemented, Advice);

    /// <inheritdoc/>
    public bool HasToken(HttpContext http) => nodes.Admit(http);

    /// <inheritdoc/>
    public ValueTask<bool> AdmitAsync(HttpContext http, string method, CancellationToken cancellationToken) =>
        http.Features.Get<NodeCall>() is not null ? ValueTask.FromResult(true)
        : http.HasCallAttribute<InfrastructureCallAttribute>() || NodeCalls.IsOfNodes(method) ? ValueTask.FromResult(false)
        : throw new FaultException(NotForClients);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Admit(request, context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(request: null, context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(request, context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(request: null, context);
        return continuation(requestStream, responseStream, context);
    }

    private void Admit(object? request, ServerCallContext context)
    {
        if (!context.GetHttpContext().HasCallAttribute<InfrastructureCallAttribute>() && !nodes.Admit(request, context) && NodeCall.Of(context) is null)
            throw new FaultException(NotForClients);
    }
}
