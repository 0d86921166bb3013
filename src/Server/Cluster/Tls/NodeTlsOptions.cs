namespace Wharf.Server.Cluster.Tls;

/// <summary>Options of mutual authentication between nodes: each node has a certificate of the cluster's authority. Section <c>Wharf:Cluster:Tls</c>.</summary>
public sealed class NodeTlsOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Wharf:Cluster:Tls";

    /// <summary>The PEM file of this node's certificate and of the intermediate certificates.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The PEM file of the certificate's key.</summary>
    public string? KeyPath { get; set; }

    /// <summary>
    /// The PEM file of the authority's certificates. The cluster accepts each certificate of this authority as a node: use an authority for this cluster
    /// only.
    /// </summary>
    public string? AuthorityPath { get; set; }

    /// <summary>Whether nodes use TLS between each other.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(CertificatePath) || !string.IsNullOrEmpty(KeyPath) || !string.IsNullOrEmpty(AuthorityPath);
}
