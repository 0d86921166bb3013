namespace Wharf.Gateway.Hosting;

/// <summary>Encryption of the open port. Section <c>Wharf:Tls</c>.</summary>
public sealed class TlsOptions
{
    /// <summary>A certificate file: PEM, or PKCS #12 when there is no key file.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The PEM file of the certificate's key.</summary>
    public string? KeyPath { get; set; }

    /// <summary>The password of the key or of the PKCS #12 file.</summary>
    public string? Password { get; set; }

    /// <summary>Whether there is encryption.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(CertificatePath);
}
