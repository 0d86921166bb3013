namespace Wharf.Gateway.Hosting;

/// <summary>Encryption of the open port. Section <c>Wharf:Tls</c>.</summary>
public sealed class TlsOptions
{
    /// <summary>The certificate file: PEM, or PKCS #12 without a key file.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The PEM file of the certificate's key.</summary>
    public string? KeyPath { get; set; }

    /// <summary>The password of the key or of the PKCS #12 file.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// Whether clients present a certificate: <c>Off</c>, <c>Allowed</c> for those that have one, or <c>Required</c> for every connection, health checks included.
    /// </summary>
    public ClientCertificates ClientCertificates { get; set; }

    /// <summary>The PEM file of the authority's certificates. Only certificates of this authority are accepted from clients.</summary>
    public string? ClientAuthorityPath { get; set; }

    /// <summary>
    /// The part of a client's certificate that is the name of the principal: <c>CommonName</c>, the whole <c>Subject</c>, or the alternative name <c>Dns</c>, <c>Email</c> or
    /// <c>Uri</c>. A certificate without exactly one such name does not log in.
    /// </summary>
    public CertificateName ClientName { get; set; }

    /// <summary>Whether TLS is enabled.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(CertificatePath);
}

/// <summary>Whether clients present a certificate.</summary>
public enum ClientCertificates
{
    /// <summary>The server does not request a certificate.</summary>
    Off,

    /// <summary>The server requests a certificate, and accepts connections without one.</summary>
    Allowed,

    /// <summary>The server refuses connections without a certificate.</summary>
    Required,
}

/// <summary>The part of a certificate that names its holder.</summary>
public enum CertificateName
{
    /// <summary>The common name of the subject.</summary>
    CommonName,

    /// <summary>The whole subject, such as <c>CN=ann, O=Example</c>.</summary>
    Subject,

    /// <summary>The alternative name of the kind DNS name.</summary>
    Dns,

    /// <summary>The alternative name of the kind e-mail address.</summary>
    Email,

    /// <summary>The alternative name of the kind URI, such as a SPIFFE id.</summary>
    Uri,
}
