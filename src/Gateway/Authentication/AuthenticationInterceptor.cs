using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Edge;
using Wharf.Grains;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Finds the session of each call before its request is read, and returns the current token in the headers of the response. For calls that only submit an operation, the session is
/// checked by the submission itself.
/// </summary>
internal sealed class AuthenticationInterceptor(SessionLogins logins, NodeCalls nodes, Permissions permissions, GatewayDrain drain) : Interceptor, ICallerAdmission
{
    /// <inheritdoc/>
    public bool HasToken(HttpContext http) => nodes.Admit(http) || logins.HasToken(http.Request.Headers);

    /// <inheritdoc/>
    public async ValueTask<bool> AdmitAsync(HttpContext http, string method, CancellationToken cancellationToken)
    {
        RefuseWhenStopping(http);
        if (http.Features.Get<NodeCall>() is not null)
            return true;
        if (http.HasCallAttribute<DeferredSessionCheckAttribute>() && FindRecentSession(http) is { } recent)
        {
            http.Features.Set(recent);
            return true;
        }

        if (await FindSessionAsync(http, cancellationToken) is { } session)
        {
            http.Features.Set(session);
            WriteToken(session, http);
            return true;
        }

        // Nodes read tables by a ticket in the request, which is not read yet.
        return http.HasCallAttribute<NoSessionAttribute>() || NodeCalls.IsOfNodes(method) ? false : throw new FaultException(Fault.NoSession);
    }

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        RequireCaller(context);
        if (context.FindSession() is { IsConfirmed: false } recent)
            return await SubmitAsync(recent, request, context, continuation);
        await RequirePermissionAsync(context);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        RequireCaller(context);
        await RequirePermissionAsync(context);
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (!nodes.Admit(request, context))
            RequireCaller(context);
        await RequirePermissionAsync(context);
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        RequireCaller(context);
        await RequirePermissionAsync(context);
        await continuation(requestStream, responseStream, context);
    }

    private ValueTask RequirePermissionAsync(ServerCallContext context) =>
        context.GetHttpContext().FindCallAttribute<RequiresAttribute>() is { } required
            ? permissions.DemandAsync(context.FindSession()?.Caller ?? Permissions.NoSession, required.Action, "", context.CancellationToken)
            : default;

    // The handler runs before the session is checked. If the session has ended, the handler's response or failure is replaced by UNAUTHENTICATED.
    private async Task<TResponse> SubmitAsync<TRequest, TResponse>(
        CallSession session, TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        var http = context.GetHttpContext();
        try
        {
            await RequirePermissionAsync(context);
            return await continuation(request, context);
        }
        finally
        {
            if (session.IsConfirmed)
                WriteToken(session, http);
            else
                await RequireSessionAsync(http, context.CancellationToken);
        }
    }

    private async ValueTask RequireSessionAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (await FindSessionAsync(http, cancellationToken) is not { } session)
            throw new FaultException(Fault.NoSession);
        http.Features.Set(session);
        WriteToken(session, http);
    }

    // Covers a single authorization header only. Tokens in other headers, or in several, take the slower path, which evaluates them in order.
    private CallSession? FindRecentSession(HttpContext http)
    {
        var headers = http.Request.Headers;
        return headers.Authorization is [{ } authorization] && headers.Cookie.Count == 0 && !headers.ContainsKey(WireHeaders.AuthTokenBinary)
            ? logins.FindRecent(authorization)
            : null;
    }

    private void RefuseWhenStopping(HttpContext http)
    {
        if (drain.HasBegun && !http.HasCallAttribute<InfrastructureCallAttribute>())
            throw new FaultException(GatewayDrain.Stopping);
    }

    // A second check: CallAdmission has already refused calls without a caller.
    private void RequireCaller(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        RefuseWhenStopping(http);
        if (context.FindSession() is null && NodeCall.Of(context) is null && !http.HasCallAttribute<NoSessionAttribute>())
            throw new FaultException(Fault.NoSession);
    }

    // An invalid token in the first two headers is ignored; invalid credentials in the third fail the call.
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
            return await logins.FindOrLoginAsync(authorization, new LoginSource(http), cancellationToken);
        return null;
    }

    private static void WriteToken(CallSession session, HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.Authorization = WireHeaders.BearerPrefix + session.Token;
        if (string.Equals(http.Request.Headers[WireHeaders.AuthCookieRequest], "true", StringComparison.OrdinalIgnoreCase))
            headers.SetCookie = $"{WireHeaders.AuthCookie}={session.Token}; Path=/; HttpOnly; SameSite=Strict{(http.Request.IsHttps ? "; Secure" : "")}";
    }
}
