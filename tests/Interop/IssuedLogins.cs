using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>Logins of the current client over TLS. A proxy cannot forward a client certificate, so these tests run against one server only.</summary>
public sealed class IssuedLogins
{
    [Fact]
    public async Task Tokens_of_an_issuer_and_certificates_of_clients_log_in()
    {
        var folder = Directory.CreateTempSubdirectory("wharf-interop-");
        try
        {
            var issued = new IssuedCredentials(folder.FullName);
            var settings = new Dictionary<string, string?>
            {
                ["Wharf__Auth__Psk"] = null,
                ["Wharf__Auth__Jwt__KeysPath"] = issued.Path("keys.json"),
                ["Wharf__Auth__Jwt__Issuer"] = IssuedCredentials.Issuer,
                ["Wharf__Auth__Jwt__Audiences__0"] = IssuedCredentials.Audience,
                ["Wharf__Tls__CertificatePath"] = issued.Path("server.pem"),
                ["Wharf__Tls__KeyPath"] = issued.Path("server.key"),
                ["Wharf__Tls__ClientCertificates"] = "Allowed",
                ["Wharf__Tls__ClientAuthorityPath"] = issued.Path("authority.pem"),
            };
            await using var server = await SingleServer.StartAsync(settings);
            await ClientScript.RunAsync("issued", server, "", ("WHARF_TOKEN", issued.Token), ("WHARF_FOLDER", folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
