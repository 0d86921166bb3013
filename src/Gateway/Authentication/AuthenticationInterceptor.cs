using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Ties every call to its session before its request is read, and tells the caller the current token in the response's headers. Calls that only submit work learn of their
/// session's end by its answer.
/// </summary>
internal sealed class AuthenticationInterceptor(SessionLogins logins, NodeCalls nodes, GatewayDrain drain) : Interceptor, ICallerAdmission
{
    /// <inheritdoc/>
    public bool HasToken(HttpContext http) => nodes.Admit(http) || logins.HasToken(http.Request.Headers);

    /// <inheritdoc/>
    public async ValueTask<bool> AdmitAsync(HttpContext http, string method, CancellationToken cancellationToken)
    {
        RefuseWhenStopping(method);
        if (http.Features.Get<NodeCall>() is not null)
            return true;
        if (SubmittingCalls.Contains(method) && Recall(http) is { } recalled)
        {
            http.Features.Set(recalled);
            return true;
        }

        if (await FindSessionAsync(http, cancellationToken) is { } session)
        {
            http.Features.Set(session);
            Announce(session, http);
            return true;
        }

        // A node may read a table by a ticket in the request.
        return SessionlessCalls.Contains(method) || NodeCalls.IsOfNodes(method) ? false : throw new FaultException(Fault.NoSession);
    }

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        RefuseUnlessAdmitted(context);
        return context.FindSession() is { IsConfirmed: false } recalled
            ? await SubmitAsync(recalled, request, context, continuation)
            : await continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        RefuseUnlessAdmitted(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (!nodes.Admit(request, context))
            RefuseUnlessAdmitted(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        RefuseUnlessAdmitted(context);
        return continuation(requestStream, responseStream, context);
    }

    // Whatever a call came to without having asked its session is what it came to only if the session lives.
    private async Task<TResponse> SubmitAsync<TRequest, TResponse>(
        CallSession session, TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        var http = context.GetHttpContext();
        try
        {
            return await continuation(request, context);
        }
        finally
        {
            if (session.IsConfirmed)
                Announce(session, http);
            else
                await FindAgainAsync(http, context.CancellationToken);
        }
    }

    private async ValueTask FindAgainAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (await FindSessionAsync(http, cancellationToken) is not { } session)
            throw new FaultException(Fault.NoSession);
        http.Features.Set(session);
        Announce(session, http);
    }

    // Only the plain case: what may also come in other headers, or several times, is looked at in its order.
    private CallSession? Recall(HttpContext http)
    {
        var headers = http.Request.Headers;
        return headers.Authorization is [{ } authorization] && headers.Cookie.Count == 0 && !headers.ContainsKey(WireHeaders.AuthTokenBinary)
            ? logins.Recall(authorization)
            : null;
    }

    private void RefuseWhenStopping(string method)
    {
        if (drain.HasBegun && !SessionlessCalls.IsAboutTheServer(method))
            throw new FaultException(GatewayDrain.Stopping);
    }

    // The callers are found before the request is read; nothing gets here without having been.
    private void RefuseUnlessAdmitted(ServerCallContext context)
    {
        RefuseWhenStopping(context.Method);
        if (context.FindSession() is null && NodeCall.Of(context) is null && !SessionlessCalls.Contains(context.Method))
            throw new FaultException(Fault.NoSession);
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
            return await logins.FromHeaderAsync(authorization, new LoginSource(http), cancellationToken);
        return null;
    }

    private static void Announce(CallSession session, HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.Authorization = WireHeaders.BearerPrefix + session.Token;
        if (string.Equals(http.Request.Headers[WireHeaders.AuthCookieRequest], "true", StringComparison.OrdinalIgnoreCase))
            headers.SetCookie = $"{WireHeaders.AuthCookie}={session.Token}; Path=/; HttpOnly; SameSite=Strict{(http.Request.IsHttps ? "; Secure" : "")}";
    }
}
