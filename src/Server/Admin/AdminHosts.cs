using Microsoft.Extensions.Options;
using Wharf.Gateway.Edge;

namespace Wharf.Server.Admin;

/// <summary>Rejects requests of web pages to the admin port: requests with an unknown host name, and requests from pages of other origins.</summary>
internal sealed class AdminHosts(IOptions<AdminOptions> options)
{
    private readonly HashSet<string> _names = new(options.Value.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>The middleware.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var host = http.Request.Host;
        if (!_names.Contains("*") && !OwnHosts.Contains(host.Host) && !_names.Contains(host.Host))
            return RefuseAsync(http, "The host name of the request is not allowed on the admin port. Add it to the setting Wharf:Admin:AllowedHosts.");
        if (http.Request.Headers.Origin is { Count: > 0 } origins && origins.ToString() is var origin && !origin.EndsWith($"://{host.Value}", StringComparison.OrdinalIgnoreCase))
            return RefuseAsync(http, "The admin port does not allow requests from pages of other origins.");
        return next(http);
    }

    private static Task RefuseAsync(HttpContext http, string reason)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return http.Response.WriteAsync(reason, http.RequestAborted);
    }
}
