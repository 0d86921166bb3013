using System.Diagnostics.CodeAnalysis;
using System.Net.Security;

namespace Wharf.Gateway.Flight;

/// <summary>The TLS options of connections to the Flight services of other nodes.</summary>
public sealed class NodeConnectionOptions
{
    /// <summary>
    /// The certificate that is presented to a node, and the validation of the node's certificate. Without certificates for nodes, a node presents its certificate for clients, which has
    /// other host names and possibly an authority that is unknown to this machine. The certificate is then not validated: as for other traffic between nodes, the network is trusted, and TLS
    /// only encrypts.
    /// </summary>
    [SuppressMessage("Security", "CA5359", Justification = "Without certificates for nodes there is no authority to check; node tickets prove the identity of a node.")]
    public SslClientAuthenticationOptions Tls { get; set; } = new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
}
