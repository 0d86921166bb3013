using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Hosting;

namespace Wharf.Gateway.Edge;

/// <summary>Decides which web origins may call the server.</summary>
internal sealed class AllowedOrigins(IOptions<WebOptions> options)
{
    /// <summary>The entry for all origins.</summary>
    public const string Any = "*";

    private const string Refusal =
        "This server does not accept calls from pages of this origin. Its operator can allow the origin by the setting Wharf:Web:AllowedOrigins.";

    private readonly HashSet<string> _origins = new(options.Value.AllowedOrigins.Select(static origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether every origin is allowed.</summary>
    public bool AllowsAny => _origins.Contains(Any);

    /// <summary>Returns whether a setting is valid: an origin has a scheme and a host, and no path, query or user.</summary>
    public static bool IsOrigin(string text) => text is Any or "null"
        || (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0 && address.PathAndQuery == "/" && address.UserInfo.Length == 0 && address.Fragment.Length == 0);

    /// <summary>Returns whether the setting allows an origin.</summary>
    public bool Contains(string origin) => AllowsAny || _origins.Contains(origin);

    /// <summary>Middleware for requests with an origin: refuses those of other origins, except GET and HEAD.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            || (http.Request.Headers.Origin is [{ } origin] && (Contains(origin) || IsOwn(origin, http.Request.Host))))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        if (HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol))
            http.Response.Headers.Connection = "close";
        return http.Response.WriteAsync(Refusal, http.RequestAborted);
    }

    private static bool IsOwn(string origin, HostString host) =>
        origin.IndexOf("://", StringComparison.Ordinal) is > 0 and var end && origin.AsSpan(end + 3).Equals(host.Value, StringComparison.OrdinalIgnoreCase)
        && OwnHosts.Contains(host.Host);
}
