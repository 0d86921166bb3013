namespace Wharf.Server.Cluster.Tls;

/// <summary>How nodes prove to each other that they are of one cluster: each has a certificate of the cluster's own authority. Section <c>Wharf:Cluster:Tls</c>.</summary>
public sealed class NodeTlsOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Wharf:Cluster:Tls";

    /// <summary>The PEM file of this node's certificate, and of those between it and the authority.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The PEM file of the certificate's key.</summary>
    public string? KeyPath { get; set; }

    /// <summary>
    /// The PEM file of the authority's certificates. The cluster accepts each certificate of this authority as a node: use an authority of the cluster's
    /// own.
    /// </summary>
    public string? AuthorityPath { get; set; }

    /// <summary>Whether nodes speak TLS with each other.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(CertificatePath) || !string.IsNullOrEmpty(KeyPath) || !string.IsNullOrEmpty(AuthorityPath);
}
