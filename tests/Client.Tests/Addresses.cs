using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Client.Tests;

/// <summary>The error of a login at an address without a server names the address and the likely cause.</summary>
public sealed class Addresses
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Https_to_a_port_without_tls_names_the_address_without_it()
    {
        await using var server = await ListenAsync(certificate: null);
        var error = await FailAsync($"https://127.0.0.1:{Port(server)}");
        Assert.Contains("does not answer with TLS", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{Port(server)}", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_to_a_port_with_tls_names_the_address_with_it()
    {
        using var certificate = Certificate();
        await using var server = await ListenAsync(certificate);
        var error = await FailAsync($"http://127.0.0.1:{Port(server)}");
        Assert.Contains("does not answer with HTTP/2", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains($"https://127.0.0.1:{Port(server)}", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_the_cause()
    {
        using var certificate = Certificate();
        await using var server = await ListenAsync(certificate);
        Assert.Contains("certificate that is not trusted", (await FailAsync($"https://127.0.0.1:{Port(server)}")).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_without_a_server_is_the_cause()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        foreach (var scheme in new[] { "http", "https" })
        {
            var error = await FailAsync($"{scheme}://127.0.0.1:{port}");
            Assert.Contains("cannot be reached: Connection refused", error.Status.Detail, StringComparison.Ordinal);
            Assert.Contains("check that the server runs", error.Advice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_host_is_the_cause() =>
        Assert.Contains(
            "the host 'no-such-host.invalid' is unknown", (await FailAsync("http://no-such-host.invalid:10000")).Status.Detail, StringComparison.Ordinal);

    [Fact]
    public async Task A_server_of_another_protocol_is_the_cause()
    {
        await using var server = await ListenAsync(certificate: null);
        Assert.Contains("not a server of this protocol", (await FailAsync($"http://127.0.0.1:{Port(server)}")).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var error = await Assert.ThrowsAsync<WharfException>(() => Session.ConnectAsync(
            new(address), Credentials.Anonymous, new() { ConnectTimeout = TimeSpan.FromMilliseconds(1) }, Cancelled));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.StartsWith(address, error.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<WharfException> FailAsync(string address)
    {
        var error = await Assert.ThrowsAsync<WharfException>(() => Session.ConnectAsync(new(address), Credentials.Anonymous, cancellationToken: Cancelled));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.StartsWith(address, error.Status.Detail, StringComparison.Ordinal);
        return error;
    }

    private static async Task<WebApplication> ListenAsync(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
                endpoint.UseHttps(certificate);
        }));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("something else", context.RequestAborted));
        await app.StartAsync(Cancelled);
        return app;
    }

    private static int Port(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
