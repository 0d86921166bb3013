using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Ties every call to its session before anything else happens to it, and tells the caller the current token in the response's headers.</summary>
internal sealed class AuthenticationInterceptor(SessionLogins logins, NodeCalls nodes, GatewayDrain drain) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (SubmittingCalls.Contains(context.Method) && Recall(context) is { } session)
            return await SubmitAsync(session, request, context, continuation);
        await AuthenticateAsync(context);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await AuthenticateAsync(context);
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (!nodes.Admit(request, context))
            await AuthenticateAsync(context);
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (!nodes.Admit(request: null, context))
            await AuthenticateAsync(context);
        await continuation(requestStream, responseStream, context);
    }

    // Whatever a call came to without having asked its session is what it came to only if the session lives.
    private async Task<TResponse> SubmitAsync<TRequest, TResponse>(
        CallSession session, TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        RefuseWhenStopping(context);
        var http = context.GetHttpContext();
        http.Features.Set(session);
        try
        {
            return await continuation(request, context);
        }
        finally
        {
            if (session.IsConfirmed)
                Announce(session, http);
            else
                await AuthenticateAsync(context);
        }
    }

    // Only the plain case: what may also come in other headers, or several times, is looked at in its order.
    private CallSession? Recall(ServerCallContext context)
    {
        var headers = context.GetHttpContext().Request.Headers;
        return headers.Authorization is [{ } authorization] && headers.Cookie.Count == 0 && !headers.ContainsKey(WireHeaders.AuthTokenBinary)
            ? logins.Recall(authorization)
            : null;
    }

    private void RefuseWhenStopping(ServerCallContext context)
    {
        if (drain.HasBegun && !SessionlessCalls.IsAboutTheServer(context.Method))
            throw new FaultException(GatewayDrain.Stopping);
    }

    private async ValueTask AuthenticateAsync(ServerCallContext context)
    {
        RefuseWhenStopping(context);
        var http = context.GetHttpContext();
        if (await FindSessionAsync(http, context.CancellationToken) is { } session)
        {
            http.Features.Set(session);
            Announce(session, http);
        }
        else if (!SessionlessCalls.Contains(context.Method))
        {
            throw new FaultException(Fault.NoSession);
        }
    }

    // What is no good in the first two places is passed over; what is no good in the third ends the call.
    private async ValueTask<CallSession?> FindSessionAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var headers = http.Request.Headers;
        if (headers.TryGetValue(WireHeaders.AuthTokenBinary, out var binary)
            && await logins.FindAsync(BinaryHeader.ReadText(binary[^1]), cancellationToken) is { } byToken)
            return byToken;
        if (headers.Cookie is { Count: > 0 } cookies
            && await logins.FindAsync(AuthorizationHeader.CookieToken(cookies.ToString()), cancellationToken) is { } byCookie)
            return byCookie;
        if (headers.Authorization is { Count: > 0 } values && values[^1] is { } authorization)
            return await logins.FromHeaderAsync(authorization, ClientAddress.Of(http), cancellationToken);
        return null;
    }

    private static void Announce(CallSession session, HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.Authorization = WireHeaders.BearerPrefix + session.Token;
        if (string.Equals(http.Request.Headers[WireHeaders.AuthCookieRequest], "true", StringComparison.OrdinalIgnoreCase))
            headers.SetCookie = $"{WireHeaders.AuthCookie}={session.Token}";
    }
}
