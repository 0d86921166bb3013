using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Wharf.Client;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Security;

/// <summary>Logins by the certificate of the client's connection.</summary>
public sealed class CertificatesOfClients : IDisposable
{
    private readonly TestAuthority _authority = new();

    private static Credentials ByCertificate => Credentials.Certificate;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_logs_in_with_the_roles_of_its_name()
    {
        await using var server = await StartAsync("Allowed", "Email");
        using var ann = _authority.Issue("CN=anything", names: static names => names.AddEmailAddress("ann@example.com"));
        using var bob = _authority.Issue("CN=ann@example.com", names: static names => names.AddEmailAddress("bob@example.com"));

        await using var session = await ConnectAsync(server, ByCertificate, ann);
        await session.EmptyTableAsync(1, Cancelled);

        Assert.Equal(StatusCode.PermissionDenied, await StatusOfAsync(server, ByCertificate, bob));
        Assert.Equal(StatusCode.Unauthenticated, await StatusOfAsync(server, ByCertificate, certificate: null));
        Assert.Equal(StatusCode.Unauthenticated, await StatusOfAsync(server, Credentials.Custom(LoginSchemes.Certificate, "ann@example.com"), ann));
        // A connection without a certificate is accepted for other logins.
        await using var other = await ConnectAsync(server, Credentials.Anonymous, certificate: null);
    }

    [Fact]
    public async Task A_certificate_that_is_not_of_the_authority_ends_the_connection()
    {
        await using var server = await StartAsync("Allowed", "CommonName");
        using var other = new TestAuthority();
        using var foreign = other.Issue("CN=ann@example.com");
        using var old = _authority.Issue("CN=ann@example.com", until: DateTimeOffset.UtcNow.AddHours(-1));
        using var server1 = _authority.Issue("CN=ann@example.com", TestAuthority.ForServers);
        using var good = _authority.Issue("CN=ann@example.com");

        Assert.Equal(StatusCode.Unavailable, await StatusOfAsync(server, Credentials.Anonymous, foreign));
        Assert.Equal(StatusCode.Unavailable, await StatusOfAsync(server, Credentials.Anonymous, old));
        Assert.Equal(StatusCode.Unavailable, await StatusOfAsync(server, Credentials.Anonymous, server1));
        Assert.Equal(StatusCode.OK, await StatusOfAsync(server, Credentials.Anonymous, good));
    }

    [Fact]
    public async Task A_connection_without_a_certificate_ends_where_one_is_required()
    {
        await using var server = await StartAsync("Required", "CommonName");
        using var good = _authority.Issue("CN=ann@example.com");

        Assert.Equal(StatusCode.Unavailable, await StatusOfAsync(server, Credentials.Anonymous, certificate: null));
        Assert.Equal(StatusCode.OK, await StatusOfAsync(server, Credentials.Anonymous, good));
        Assert.Equal(StatusCode.OK, await StatusOfAsync(server, ByCertificate, good));
    }

    [Theory]
    [InlineData("CommonName", "CN=ann, O=Example", "ann")]
    [InlineData("CommonName", "CN=ann, CN=bob", null)]
    [InlineData("CommonName", "O=Example", null)]
    [InlineData("CommonName", "CN=\"ann\nbob\"", null)]
    [InlineData("Subject", "CN=ann, O=Example", "CN=ann, O=Example")]
    [InlineData("Dns", "CN=x", "ann.example.com")]
    [InlineData("Email", "CN=x", "ann@example.com")]
    [InlineData("Uri", "CN=x", null)]
    public async Task The_name_is_the_only_one_of_its_kind(string kind, string subject, string? name)
    {
        using var certificate = _authority.Issue(subject, names: static names =>
        {
            names.AddDnsName("ann.example.com");
            names.AddEmailAddress("ann@example.com");
            names.AddUri(new Uri("spiffe://example.com/ann"));
            names.AddUri(new Uri("spiffe://example.com/bob"));
        });
        var principal = await Handler(kind, TimeProvider.System).LoginAsync(new LoginRequest(default, certificate), Cancelled);

        Assert.Equal(name, principal?.Identity);
    }

    [Fact]
    public async Task A_session_ends_with_its_certificate_and_a_later_login_is_refused()
    {
        using var certificate = _authority.Issue("CN=ann");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var handler = Handler("CommonName", time);
        var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());

        Assert.Equal(end, (await handler.LoginAsync(new LoginRequest(default, certificate), Cancelled))!.EndsAt);
        time.SetUtcNow(end);
        Assert.Null(await handler.LoginAsync(new LoginRequest(default, certificate), Cancelled));
    }

    [Theory]
    [InlineData("Wharf:Tls:ClientAuthorityPath", "/no/such/file")]
    [InlineData("Wharf:Tls:ClientAuthorityPath", "")]
    [InlineData("Wharf:Tls:ClientAuthorityPath", "key")]
    [InlineData("Wharf:Tls:CertificatePath", "")]
    [InlineData("Wharf:Tls:ClientCertificates", "Of")]
    public async Task A_setting_of_certificates_that_is_wrong_ends_the_start(string path, string value)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("Allowed", "CommonName", (path, value == "key" ? _authority.KeyPath : value)));

        Assert.Contains(failure.Failures, line => line.StartsWith(path, StringComparison.Ordinal));
    }

    public void Dispose() => _authority.Dispose();

    private static CertificateHandler Handler(string kind, TimeProvider time) => new(
        Options.Create(new EndpointOptions { Tls = { ClientName = Enum.Parse<CertificateName>(kind) } }), time, NullLogger<CertificateHandler>.Instance);

    private Task<GuardedServer> StartAsync(string mode, string name, params (string Path, string Value)[] changes) => GuardedServer.StartAsync(options =>
    {
        (string Path, string Value)[] settings =
        [
            ("Wharf:Tls:CertificatePath", _authority.CertificatePath), ("Wharf:Tls:KeyPath", _authority.KeyPath),
            ("Wharf:Tls:ClientCertificates", mode), ("Wharf:Tls:ClientAuthorityPath", _authority.AuthorityPath), ("Wharf:Tls:ClientName", name),
            ("Wharf:Auth:Roles:maker:Create:0", "*"), ("Wharf:Auth:Roles:guest:List:0", "*"),
            ("Wharf:Auth:Users:0:Scheme", "Certificate"), ("Wharf:Auth:Users:0:Name", "ann@*"), ("Wharf:Auth:Users:0:Roles:0", "maker"),
            ("Wharf:Auth:Users:1:Scheme", "Anonymous"), ("Wharf:Auth:Users:1:Roles:0", "guest"),
            .. changes,
        ];
        foreach (var (path, value) in settings)
            options.Settings[path] = value;
    });

    private async Task<StatusCode> StatusOfAsync(GuardedServer server, Credentials credentials, X509Certificate2? certificate)
    {
        try
        {
            await (await ConnectAsync(server, credentials, certificate)).DisposeAsync();
            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }

    private Task<Session> ConnectAsync(GuardedServer server, Credentials credentials, X509Certificate2? certificate)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_authority.AuthorityPath);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(authority.RawData));
        var transport = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificates = certificate is null ? null : [certificate],
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
            },
        };
        return Session.ConnectAsync(
            new Uri($"https://localhost:{server.Address.Port}"), credentials, new SessionOptions { HttpHandler = transport, ConnectTimeout = TimeSpan.FromSeconds(10) }, Cancelled);
    }
}
