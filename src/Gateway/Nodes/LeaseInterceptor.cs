using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Nodes;

/// <summary>Serves calls, and sends responses and errors, only while the node holds its membership lease.</summary>
internal sealed class LeaseInterceptor(MembershipLease lease) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await RequireAsync(context);
        try
        {
            return await continuation(request, context);
        }
        finally
        {
            await RequireAsync(context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await RequireAsync(context);
        try
        {
            return await continuation(requestStream, context);
        }
        finally
        {
            await RequireAsync(context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await RequireAsync(context);
        try
        {
            await continuation(request, new LeasedWriter<TResponse>(responseStream, lease), context);
        }
        finally
        {
            await RequireAsync(context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await RequireAsync(context);
        try
        {
            await continuation(requestStream, new LeasedWriter<TResponse>(responseStream, lease), context);
        }
        finally
        {
            await RequireAsync(context);
        }
    }

    private ValueTask RequireAsync(ServerCallContext context) => lease.IsHeld ? default : lease.RequireAsync(context.CancellationToken);
}

/// <summary>Adds the membership lease to the calls of a gateway.</summary>
public static class LeasedCallsHosting
{
    /// <summary>Serves calls only while the node holds its membership lease. For the nodes of a cluster; a node without one holds its lease forever.</summary>
    /// <param name="services">The services of the host, with a <see cref="MembershipLease"/>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLeasedCalls(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton<LeaseInterceptor>();
        services.PostConfigure<GrpcServiceOptions>(static grpc =>
        {
            // After the first interceptor, which converts faults to statuses, and before the authentication.
            grpc.Interceptors.Add<LeaseInterceptor>();
            var added = grpc.Interceptors[^1];
            grpc.Interceptors.RemoveAt(grpc.Interceptors.Count - 1);
            grpc.Interceptors.Insert(1, added);
        });
        return services;
    }
}
