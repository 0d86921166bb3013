using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wharf.Server.Cluster.Tls;

/// <summary>
/// The TLS options of both sides of a connection between nodes. Each side presents a certificate and requires one from the other. Only the authority is checked: nodes are
/// addressed by IP address, so a name would prove nothing more. The trusted certificates of the machine are not used.
/// </summary>
internal sealed class NodeTls
{
    /// <summary>The time limit of a handshake.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly SslStreamCertificateContext _own;
    private readonly X509Certificate2Collection _authorities;

    private NodeTls(SslStreamCertificateContext own, X509Certificate2Collection authorities) => (_own, _authorities) = (own, authorities);

    /// <summary>Reads the certificate files.</summary>
    /// <exception cref="FormatException">A file cannot be used; the message names its setting.</exception>
    public static NodeTls Read(NodeTlsOptions options)
    {
        var authorities = Load(nameof(options.AuthorityPath), options.AuthorityPath, static path =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(path);
            return found.Count > 0 ? found : throw new CryptographicException("the file contains no certificate");
        });
        var between = new X509Certificate2Collection();
        var certificate = Load(nameof(options.CertificatePath), options.CertificatePath, path =>
        {
            between.ImportFromPemFile(path);
            return path;
        });
        var own = Load(nameof(options.KeyPath), options.KeyPath, key =>
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        });
        between.RemoveAt(0);
        using var chain = new X509Chain { ChainPolicy = Policy(authorities) };
        chain.ChainPolicy.ExtraStore.AddRange(between);
        if (!chain.Build(own))
        {
            var reasons = string.Join(", ", chain.ChainStatus.Select(static status => status.Status).Distinct());
            throw new FormatException($"{Name(nameof(options.CertificatePath))} is not issued by the authority of {Name(nameof(options.AuthorityPath))}: {reasons}");
        }

        return new NodeTls(SslStreamCertificateContext.Create(own, between, offline: true), authorities);
    }

    /// <summary>Returns the options of the side that accepts a connection.</summary>
    public SslServerAuthenticationOptions Server() => new()
    {
        ServerCertificateContext = _own,
        ClientCertificateRequired = true,
        CertificateChainPolicy = Policy(_authorities),
        RemoteCertificateValidationCallback = IsOfTheAuthority,
    };

    /// <summary>Returns the options of the side that opens a connection.</summary>
    public SslClientAuthenticationOptions Client() => new()
    {
        TargetHost = "",
        ClientCertificateContext = _own,
        CertificateChainPolicy = Policy(_authorities),
        RemoteCertificateValidationCallback = IsOfTheAuthority,
    };

    private static bool IsOfTheAuthority(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // The authority belongs to the cluster: to exclude a node, replace the authority. There is no revocation list on the network.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static T Load<T>(string setting, string? path, Func<string, T> load)
    {
        if (string.IsNullOrEmpty(path))
            throw new FormatException($"{Name(setting)} is missing: a node needs a certificate, its key and the certificate of the authority");
        if (!File.Exists(path))
            throw new FormatException($"{Name(setting)} names a file that does not exist: {path}");
        try
        {
            return load(path);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{Name(setting)} cannot be used: {unreadable.Message}", unreadable);
        }
    }

    private static string Name(string property) => $"{NodeTlsOptions.Section}:{property}";
}
