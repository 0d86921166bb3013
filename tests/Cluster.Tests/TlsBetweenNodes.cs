using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>Nodes with certificates of the cluster's authority are a cluster; whoever has none is not heard.</summary>
public sealed class TlsBetweenNodes : IAsyncLifetime
{
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly TestAuthority _authority = new();
    private RedisServer? _redis;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (RedisServer.IsInstalled)
            _redis = await RedisServer.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task They_are_a_cluster_and_strangers_are_neither_heard_nor_answered()
    {
        Nodes.Require();
        var (siloPort, clientPort) = (FreePort.Take(), FreePort.Take());
        var settings = Settings(siloPort, _authority);
        settings["Wharf__Node__ClientPort"] = $"{clientPort}";
        var starting = new[] { ServerProcess.StartAsync(settings, Token), ServerProcess.StartAsync(Settings(FreePort.Take(), _authority), Token) };
        await using var a = await starting[0];
        await using var b = await starting[1];
        await CoreScenario.RunAsync(a, b, Token);

        // A gateway of the cluster is no member of it, but it proves itself like one.
        await using var gateway = await ServerProcess.StartAsync(Settings(FreePort.Take(), _authority, "gateway"), Token);
        await CoreScenario.RunAsync(gateway, b, Token);

        // All ports for nodes ask for a certificate of the authority. TLS 1.3 tells a client that it is refused only with the first answer: there is none.
        var flightPort = int.Parse(Regex.Match(a.Running.Output, @"listening  https://127\.0\.0\.1:(\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        using var foreign = new TestAuthority();
        foreach (var port in new[] { siloPort, clientPort, flightPort })
        {
            // A silo lets clients speak first, so that a node's certificate alone gets no answer there; it is not refused either.
            var (from, answered) = await TryAsync(port, _authority);
            Assert.True(answered || port == clientPort, $"the port {port} does not answer to a certificate of the authority");
            foreach (var stranger in new[] { foreign, null })
            {
                var (refused, heard) = await TryAsync(port, stranger);
                Assert.False(heard, $"the port {port} answers to {(stranger is null ? "no certificate" : "a certificate of another authority")}");
                if (port != flightPort)
                    await a.Running.WaitForLineAsync($"connection with 127.0.0.1:{refused}: ", Token);
            }

            Assert.DoesNotContain($"connection with 127.0.0.1:{from}: ", a.Running.Output, StringComparison.Ordinal);
        }

        // A whole server that knows the store and every key, but has no certificate of this authority.
        await using var server = ServerProcess.Launch(Settings(FreePort.Take(), foreign));
        await server.WaitForLineAsync($"Refused the outbound connection with 127.0.0.1:{siloPort}: the peer is not authenticated as a node of this cluster", Token);
        Assert.DoesNotContain("serving on port", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_without_certificates_of_their_own_read_tables_behind_the_one_for_clients()
    {
        Nodes.Require();
        var starting = new[] { StartAsync(), StartAsync() };
        await using var a = await starting[0];
        await using var b = await starting[1];
        await CoreScenario.RunAsync(() => LoginAsync(a), () => LoginAsync(b), Token);

        Task<ServerProcess> StartAsync()
        {
            var settings = Settings(FreePort.Take(), _authority);
            foreach (var part in new[] { "CertificatePath", "KeyPath" })
                settings[$"Wharf__Tls__{part}"] = settings[$"Wharf__Cluster__Tls__{part}"];
            foreach (var part in new[] { "Tls__CertificatePath", "Tls__KeyPath", "Tls__AuthorityPath", "AdvertisedAddress" })
                settings.Remove($"Wharf__Cluster__{part}");
            return ServerProcess.StartAsync(settings, Token);
        }

        static async Task<Session> LoginAsync(ServerProcess server)
        {
            var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
            return await Session.ConnectAsync(
                new UriBuilder(server.Address) { Scheme = Uri.UriSchemeHttps }.Uri, Credentials.PreSharedKey(ServerProcess.Psk), new Client.SessionOptions { HttpHandler = handler }, Token);
        }
    }

    [Theory]
    [InlineData("KeyPath", null, "Wharf:Cluster:Tls:KeyPath is missing")]
    [InlineData("AuthorityPath", "/no/such/file", "Wharf:Cluster:Tls:AuthorityPath names a file that does not exist")]
    [InlineData("AuthorityPath", "foreign", "Wharf:Cluster:Tls:CertificatePath is not issued by the authority")]
    [InlineData("KeyPath", "foreign", "Wharf:Cluster:Tls:KeyPath cannot be used")]
    public async Task The_setting_that_is_wrong_is_named(string setting, string? value, string told)
    {
        using var foreign = new TestAuthority();
        var settings = Settings(FreePort.Take(), _authority);
        settings["Wharf__Cluster__Redis"] = "127.0.0.1:1";
        settings[$"Wharf__Cluster__Tls__{setting}"] = value == "foreign" ? setting == "KeyPath" ? foreign.Give().KeyPath : foreign.AuthorityPath : value;
        await using var process = ServerProcess.Launch(settings);
        Assert.Equal(1, await process.ExitAsync(Token));
        Assert.Contains("Wharf cannot start: " + told, process.Output, StringComparison.Ordinal);
    }

    // An advertised address, which has to be trusted: no AllowInsecure is needed where nodes prove themselves.
    private Dictionary<string, string?> Settings(int siloPort, TestAuthority authority, string role = "all")
    {
        var (certificate, key) = authority.Give();
        return new Dictionary<string, string?>
        {
            ["Wharf__Role"] = role,
            ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
            ["Wharf__Cluster__Redis"] = $"127.0.0.1:{_redis?.Port}",
            ["Wharf__Cluster__Id"] = _id,
            ["Wharf__Cluster__SiloPort"] = $"{siloPort}",
            ["Wharf__Cluster__AdvertisedAddress"] = "127.0.0.1",
            ["Wharf__Cluster__Tls__CertificatePath"] = certificate,
            ["Wharf__Cluster__Tls__KeyPath"] = key,
            ["Wharf__Cluster__Tls__AuthorityPath"] = authority.AuthorityPath,
        };
    }

    private static async Task<(int From, bool IsAnswered)> TryAsync(int port, TestAuthority? authority)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port, Token);
        var from = ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
        await using var stream = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        };
        if (authority?.Give() is var (certificate, key))
            options.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), null, offline: true);
        try
        {
            await stream.AuthenticateAsClientAsync(options, Token);
            // The others have something to say at the beginning: HTTP/2 its settings, once it has seen the preface, and a silo who it is.
            await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Token);
            return (from, await stream.ReadAsync(new byte[1], Token) > 0);
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException)
        {
            return (from, false);
        }
    }
}
