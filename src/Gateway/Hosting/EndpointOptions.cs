namespace Wharf.Gateway.Hosting;

/// <summary>The one open port. Section <c>Wharf</c>.</summary>
public sealed class EndpointOptions
{
    /// <summary>The address to listen on: an IP address, or <c>*</c> for all.</summary>
    public string Address { get; set; } = "*";

    /// <summary>The port; 0 lets the system choose. By default 10000, or 443 with TLS.</summary>
    public int? Port { get; set; }

    /// <summary>Encryption; off unless a certificate is named.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>The port that is meant.</summary>
    public int EffectivePort => Port ?? (Tls.IsEnabled ? 443 : 10_000);
}
