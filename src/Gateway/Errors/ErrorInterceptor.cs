using Grpc.Core;
using Grpc.Core.Interceptors;
using Wharf.Gateway.Edge;
using Wharf.Grains;

namespace Wharf.Gateway.Errors;

/// <summary>The outermost interceptor of every call: it converts every exception to a documented status.</summary>
internal sealed class ErrorInterceptor(FaultTranslation faults) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception)
        {
            throw await TranslateAsync(exception, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception)
        {
            throw await TranslateAsync(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
            RequireTime(context);
        }
        catch (Exception exception)
        {
            throw await TranslateAsync(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
            RequireTime(context);
        }
        catch (Exception exception)
        {
            throw await TranslateAsync(exception, context);
        }
    }

    // A handler whose stream is cancelled may return as if the stream were complete.
    private static void RequireTime(ServerCallContext context)
    {
        if (UnauthenticatedCall.Of(context.GetHttpContext()) is { IsOver: true })
            throw new FaultException(UnauthenticatedCall.Over);
    }

    private async ValueTask<RpcException> TranslateAsync(Exception exception, ServerCallContext context)
    {
        // A status of this server already has its details. gRPC's own message reader reports errors of callers as INTERNAL.
        if (exception is RpcException { StatusCode: not StatusCode.Internal } decided)
            return decided;
        return GatewayErrors.ToRpcException(await faults.TranslateAsync(exception, context.GetHttpContext(), context.CancellationToken, context.Method));
    }
}
