using Grpc.Core;
using Grpc.Core.Interceptors;
using Wharf.Protocol;

namespace Wharf.Client;

/// <summary>
/// Adds the session's token to every call, and takes the next token from the headers of the response. Only the first call carries the
/// credentials: each call with credentials would create another session.
/// </summary>
internal sealed class TokenInterceptor(Credentials credentials) : Interceptor
{
    private volatile string _value = credentials.AuthorizationValue;
    private volatile bool _hasToken;
    private volatile bool _isClosed;

    /// <summary>Whether the server has sent a token.</summary>
    public bool HasToken => _hasToken;

    /// <summary>Rejects all further calls: the session is closed.</summary>
    public void Close() => _isClosed = true;

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, AddToken(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, AddToken(context));
        return new(
            AfterHeaders(call, context.Options.CancellationToken), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers,
            call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, AddToken(context));
        _ = StoreTokenAsync(call.ResponseHeadersAsync);
        return new(
            new CancellableReader<TResponse>(call.ResponseStream, context.Options.CancellationToken), call.ResponseHeadersAsync,
            call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(AddToken(context));
        _ = StoreTokenAsync(call.ResponseHeadersAsync);
        return call;
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(AddToken(context));
        _ = StoreTokenAsync(call.ResponseHeadersAsync);
        return new(
            call.RequestStream, new CancellableReader<TResponse>(call.ResponseStream, context.Options.CancellationToken),
            call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    // The token is stored before the response is returned, so that the next call uses it.
    private async Task<TResponse> AfterHeaders<TResponse>(AsyncUnaryCall<TResponse> call, CancellationToken cancellationToken)
    {
        await StoreTokenAsync(call.ResponseHeadersAsync).ConfigureAwait(false);
        try
        {
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException cancelled) when (cancelled.IsCausedBy(cancellationToken))
        {
            throw new OperationCanceledException(cancelled.Status.Detail, cancelled, cancellationToken);
        }
    }

    private async Task StoreTokenAsync(Task<Metadata> headers)
    {
        try
        {
            if ((await headers.ConfigureAwait(false)).GetValue(WireHeaders.Authorization) is { Length: > 0 } value)
            {
                _value = value;
                _hasToken = true;
            }
        }
        catch (Exception failed) when (failed is RpcException or OperationCanceledException)
        {
            // A failed call has no headers; its caller receives the error.
        }
    }

    private ClientInterceptorContext<TRequest, TResponse> AddToken<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        if (_isClosed)
            throw new ObjectDisposedException(nameof(Session), "the session is closed");
        var headers = new Metadata();
        foreach (var entry in context.Options.Headers ?? [])
            headers.Add(entry);
        headers.Add(WireHeaders.Authorization, _value);
        return new(context.Method, context.Host, context.Options.WithHeaders(headers));
    }
}
