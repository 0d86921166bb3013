namespace Wharf.Gateway.Hosting;

/// <summary>The one open port. Section <c>Wharf</c>.</summary>
public sealed class EndpointOptions
{
    /// <summary>The address to listen on: an IP address, or <c>*</c> for all.</summary>
    public string Address { get; set; } = "*";

    /// <summary>The port; 0 lets the system choose. By default 10000, or 443 with TLS.</summary>
    public int? Port { get; set; }

    /// <summary>The TLS options. TLS is off without a certificate.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>The configured or default port.</summary>
    public int EffectivePort => Port ?? (Tls.IsEnabled ? 443 : 10_000);
}
