using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Wharf.Gateway.Authentication;
using Wharf.Protocol;
using Wharf.Tables;

namespace Wharf.Gateway.Memory;

/// <summary>Charges callers for incoming messages: gRPC buffers the bytes of a message until it is complete, before a handler has the session.</summary>
internal sealed class HeldBodies(MemoryAccountant memory, SessionTokens tokens)
{
    /// <summary>Middleware that runs before gRPC-Web's, so that it sees the bytes of the connection.</summary>
    public async Task InvokeAsync(HttpContext call, RequestDelegate next)
    {
        using var body = new HeldBody(call.Request.BodyReader, () => new QueueCharge(memory, PayerOf(call)));
        call.Features.Set<IRequestBodyPipeFeature>(body);
        await next(call);
    }

    // The session is validated later. A call that logs in by its headers is charged to its address.
    private string PayerOf(HttpContext call)
    {
        var headers = call.Request.Headers;
        var session = headers.TryGetValue(WireHeaders.AuthTokenBinary, out var binary) ? tokens.SessionOf(BinaryHeader.ReadText(binary[^1])) : null;
        session ??= headers.Cookie is { Count: > 0 } cookies ? tokens.SessionOf(AuthorizationHeader.CookieToken(cookies.ToString())) : null;
        session ??= headers.Authorization is [.., { } authorization] ? tokens.SessionOf(AuthorizationHeader.Token(authorization)) : null;
        return session ?? $"address/{ClientAddress.Of(call)}";
    }
}
