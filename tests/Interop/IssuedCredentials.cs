using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Wharf.Interop;

/// <summary>A token with the keys of its issuer, and certificates of a server and of a client, as files of a folder.</summary>
internal sealed class IssuedCredentials
{
    public const string Issuer = "https://issuer.test";
    public const string Audience = "wharf";

    private readonly string _folder;

    public IssuedCredentials(string folder)
    {
        _folder = folder;
        using var key = RSA.Create(2048);
        var numbers = key.ExportParameters(includePrivateParameters: false);
        var keys = new[] { new { kty = "RSA", kid = "1", n = Base64Url.EncodeToString(numbers.Modulus), e = Base64Url.EncodeToString(numbers.Exponent) } };
        File.WriteAllText(Path("keys.json"), JsonSerializer.Serialize(new { keys }));
        var end = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        var signed = $"{Part(new { alg = "RS256", kid = "1" })}.{Part(new { iss = Issuer, aud = Audience, sub = "ann", exp = end })}";
        Token = $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        IssueCertificates();
    }

    public string Token { get; }

    public string Path(string name) => System.IO.Path.Combine(_folder, name);

    private static string Part(object content) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));

    private void IssueCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        File.WriteAllText(Path("authority.pem"), authority.ExportCertificatePem());
        Issue(authority, "server", "CN=localhost");
        Issue(authority, "client", "CN=ann");
    }

    private void Issue(X509Certificate2 authority, string name, string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path(name + ".pem"), issued.ExportCertificatePem());
        File.WriteAllText(Path(name + ".key"), key.ExportPkcs8PrivateKeyPem());
    }
}
