using System.Net;
using System.Net.Sockets;

namespace Wharf.Security;

/// <summary>Web pages in a browser on the same machine as the server.</summary>
public sealed class WebPages(WebPages.PageServer fixture) : IClassFixture<WebPages.PageServer>
{
    private const string Evil = "http://evil.example";
    private const string Good = "https://tables.example.com";

    private readonly GuardedServer _server = fixture.Server;

    [Theory]
    [InlineData(Evil, null, HttpStatusCode.Forbidden)]
    [InlineData("null", null, HttpStatusCode.Forbidden)]
    [InlineData("http://evil.example:80", "evil.example:80", HttpStatusCode.Forbidden)]
    [InlineData(Good, null, HttpStatusCode.OK)]
    [InlineData(null, null, HttpStatusCode.OK)]
    [InlineData(null, "any.example", HttpStatusCode.OK)]
    public async Task An_anonymous_call_of_a_page_needs_an_allowed_origin(string? origin, string? host, HttpStatusCode status)
    {
        using var response = await CallAsync(HttpMethod.Post, origin, host);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK, response.Headers.Contains("authorization"));
        Assert.Equal(origin == Good ? Good : null, response.Headers.TryGetValues("access-control-allow-origin", out var allowed) ? allowed.Single() : null);
    }

    [Theory]
    [InlineData(Evil, HttpStatusCode.Forbidden)]
    [InlineData(Good, HttpStatusCode.NoContent)]
    public async Task A_preflight_request_is_answered_for_an_allowed_origin(string origin, HttpStatusCode status)
    {
        using var response = await CallAsync(HttpMethod.Options, origin, null);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(origin == Good, response.Headers.Contains("access-control-allow-origin"));
    }

    [Theory]
    [InlineData("evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("wharf.example.com", null, HttpStatusCode.OK)]
    [InlineData("localhost", null, HttpStatusCode.OK)]
    [InlineData("10.1.2.3", null, HttpStatusCode.OK)]
    [InlineData("localhost", "http://localhost", HttpStatusCode.OK)]
    [InlineData("localhost", Evil, HttpStatusCode.Forbidden)]
    public async Task The_admin_port_is_called_by_its_own_names(string host, string? origin, HttpStatusCode status)
    {
        foreach (var path in new[] { "/health/ready", "/DashboardCounters" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{fixture.AdminPort}{path}");
            request.Headers.Host = host;
            if (origin is not null)
                request.Headers.Add("origin", origin);
            using var response = await fixture.Http.SendAsync(request, GuardedServer.Cancelled);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("https", true)]
    public async Task The_cookie_is_for_this_server_alone_and_secure_behind_tls(string? forwardedScheme, bool isSecure)
    {
        using var response = await CallAsync(HttpMethod.Post, null, null, forwardedScheme);
        var cookie = response.Headers.GetValues("set-cookie").Single();

        Assert.EndsWith("; Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : ""), cookie, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> CallAsync(HttpMethod method, string? origin, string? host, string? forwardedScheme = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server.Address, "/io.deephaven.proto.backplane.grpc.ConfigService/GetConfigurationConstants"));
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("authorization", "Anonymous");
            request.Headers.Add("x-grpc-web", "1");
            request.Headers.Add("x-deephaven-auth-cookie-request", "true");
            request.Content = new ByteArrayContent(new byte[5]);
            request.Content.Headers.ContentType = new("application/grpc-web+proto");
        }
        else
        {
            request.Headers.Add("access-control-request-method", "POST");
            request.Headers.Add("access-control-request-headers", "authorization,content-type,x-grpc-web");
        }

        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("origin", origin);
        if (forwardedScheme is not null)
            request.Headers.Add("x-forwarded-proto", forwardedScheme);
        return await fixture.Http.SendAsync(request, GuardedServer.Cancelled);
    }

    /// <summary>A server with anonymous logins, an admin port and one allowed origin.</summary>
    public sealed class PageServer : IAsyncLifetime
    {
        internal GuardedServer Server { get; private set; } = null!;

        internal HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false });

        internal int AdminPort { get; } = FreePort();

        public async ValueTask InitializeAsync() => Server = await GuardedServer.StartAsync(options =>
        {
            options.Settings["Wharf:Web:AllowedOrigins:0"] = Good;
            options.Settings["Wharf:Admin:Port"] = $"{AdminPort}";
            options.Settings["Wharf:Admin:AllowedHosts:0"] = "wharf.example.com";
            options.Settings["Wharf:Auth:TrustedProxies:0"] = "127.0.0.1";
        });

        public ValueTask DisposeAsync()
        {
            Http.Dispose();
            return Server.DisposeAsync();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
