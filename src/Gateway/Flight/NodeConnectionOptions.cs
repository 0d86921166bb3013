using System.Diagnostics.CodeAnalysis;
using System.Net.Security;

namespace Wharf.Gateway.Flight;

/// <summary>How this process speaks with the Flight services of other nodes, where they are behind TLS.</summary>
public sealed class NodeConnectionOptions
{
    /// <summary>
    /// What is shown to a node and asked of it. Unless nodes have certificates of their own this is what clients meet: made for names that other nodes do not call it by,
    /// of authorities that this machine need not know. Then it is the network that is trusted, as it is for all that nodes say to each other, and TLS only hides the bytes.
    /// </summary>
    [SuppressMessage("Security", "CA5359", Justification = "Without certificates for nodes there is no authority to check; node tickets prove the identity of a node.")]
    public SslClientAuthenticationOptions Tls { get; set; } = new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
}
