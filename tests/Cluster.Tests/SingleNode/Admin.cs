using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>The port for whoever runs the server, and what keeps it apart from the one for clients.</summary>
public sealed class Admin
{
    private const string GrpcCall = "/io.deephaven.proto.backplane.grpc.ConfigService/GetAuthenticationConstants";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_has_the_dashboard_and_says_how_the_server_is_and_listens_on_loopback_only()
    {
        await using var server = await StartAsync();
        var admin = await AddressAsync(server);
        Assert.Equal("127.0.0.1", admin.Host);
        using var http = new HttpClient();
        Assert.Contains("<title>Orleans", await http.GetStringAsync(new Uri(admin, "/"), Token), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("wharf", await http.GetStringAsync(new Uri(admin, "/GrainTypes"), Token), StringComparison.OrdinalIgnoreCase);
        foreach (var path in new[] { "/health/live", "/health/ready" })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, new Uri(admin, path)));
    }

    [Fact]
    public async Task Neither_port_serves_what_the_other_does()
    {
        await using var server = await StartAsync();
        var admin = await AddressAsync(server);
        using var http = new HttpClient();
        foreach (var path in new[] { "/", "/DashboardCounters", "/ClusterStats", "/index.html", "/Trace" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, HttpMethod.Get, new Uri(server.Address, path)));
            // Whoever asks chooses the host's name.
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, HttpMethod.Get, new Uri(server.Address, path), admin.Authority));
        }

        // The form of gRPC for browsers needs no HTTP/2.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Post, new Uri(server.Address, GrpcCall)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, HttpMethod.Post, new Uri(admin, GrpcCall)));
        using var channel = GrpcChannel.ForAddress(admin);
        await Assert.ThrowsAsync<RpcException>(async () => await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token));
    }

    [Fact]
    public async Task Without_a_setting_there_is_none()
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken: Token);
        Assert.DoesNotContain("  admin ", server.Running.Output, StringComparison.Ordinal);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, HttpMethod.Get, new Uri(server.Address, "/DashboardCounters")));
    }

    private static Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(new Dictionary<string, string?> { ["Wharf__Admin__Port"] = "0" }, Token);

    private static async Task<Uri> AddressAsync(ServerProcess server) => new((await server.Running.WaitForLineAsync(@"^  admin      (\S+)", Token)).Groups[1].Value);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, HttpMethod method, Uri address, string? host = null)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Host = host;
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(new byte[5]);
            request.Content.Headers.ContentType = new("application/grpc-web+proto");
        }

        using var response = await http.SendAsync(request, Token);
        return response.StatusCode;
    }
}
