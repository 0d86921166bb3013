using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wharf.Processes;

/// <summary>An authority of the test's own, and the certificates that it gives, as PEM files that go with it.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wharf-authority-");
    private readonly X509Certificate2 _root;
    private int _given;

    /// <summary>Makes an authority.</summary>
    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=nodes of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        AuthorityPath = Write("authority.pem", _root.ExportCertificatePem());
    }

    /// <summary>The authority's certificate.</summary>
    public string AuthorityPath { get; }

    /// <summary>Gives a certificate.</summary>
    /// <returns>Its file, and its key's.</returns>
    public (string CertificatePath, string KeyPath) Give()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"node{++_given}";
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(_root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return (Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
