using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Wharf.Gateway.Hosting;

/// <summary>Configures TLS to accept client certificates of the configured authority only. Authorities that the machine trusts are not accepted.</summary>
internal static class ClientAuthority
{
    // The extended key usage of client certificates.
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Returns the reason why a file cannot be used, or null.</summary>
    public static string? Problem(string path)
    {
        try
        {
            return Read(path).Count > 0 ? null : "names a file without a certificate";
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"cannot be used: {unreadable.Message}";
        }
    }

    /// <summary>Requests client certificates according to the settings.</summary>
    public static void Apply(TlsOptions tls, HttpsConnectionAdapterOptions https)
    {
        if (tls.ClientCertificates == ClientCertificates.Off)
            return;
        var authorities = Read(tls.ClientAuthorityPath!);
        https.ClientCertificateMode = tls.ClientCertificates == ClientCertificates.Required
            ? ClientCertificateMode.RequireCertificate
            : ClientCertificateMode.AllowCertificate;
        // Building a chain changes its policy, so each connection needs a new one.
        https.OnAuthenticate = (_, options) => options.CertificateChainPolicy = Policy(authorities);
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }

    private static X509Certificate2Collection Read(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities;
    }
}
