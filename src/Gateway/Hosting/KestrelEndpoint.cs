using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Edge;

namespace Wharf.Gateway.Hosting;

/// <summary>Configures Kestrel's endpoint.</summary>
public static class KestrelEndpoint
{
    /// <summary>Listens on the address and port of <see cref="EndpointOptions"/> with the limits of <see cref="GatewayOptions"/>.</summary>
    /// <param name="kestrel">The server's options. Their services must contain the gateway.</param>
    public static void ConfigureWharfEndpoint(this KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        var gateway = kestrel.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var endpoint = kestrel.ApplicationServices.GetRequiredService<IOptions<EndpointOptions>>().Value;
        var limits = kestrel.ApplicationServices.GetRequiredService<ConnectionLimits>();
        SetLimits(kestrel, gateway);
        if (endpoint.Address == "*")
            kestrel.ListenAnyIP(endpoint.EffectivePort, Listen);
        else
            kestrel.Listen(IPAddress.Parse(endpoint.Address), endpoint.EffectivePort, Listen);

        void Listen(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(next => connection => limits.RunAsync(connection, next));
            if (endpoint.Tls.IsEnabled)
            {
                var https = new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = ReadCertificate(endpoint.Tls),
                    HandshakeTimeout = gateway.HandshakeTimeout,
                };
                ClientAuthority.Apply(endpoint.Tls, https);
                listen.UseHttps(https);
            }
            else
            {
                kestrel.AllowAlternateSchemes = true;
                var detection = new PlaintextProtocol(gateway.HandshakeTimeout, kestrel.ApplicationServices.GetRequiredService<TimeProvider>());
                listen.Use(next => connection => detection.RunAsync(connection, next));
            }
        }
    }

    private static void SetLimits(KestrelServerOptions kestrel, GatewayOptions gateway)
    {
        kestrel.AddServerHeader = false;
        // CallAdmission limits requests per call.
        kestrel.Limits.MaxRequestBodySize = null;
        // A stream may be idle as long as its session is live.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.RequestHeadersTimeout = gateway.HandshakeTimeout;
        kestrel.Limits.MaxRequestHeadersTotalSize = gateway.MaxRequestHeadersBytes;
        var http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = gateway.MaxStreamsPerConnection;
        http2.InitialStreamWindowSize = gateway.StreamWindowBytes;
        http2.InitialConnectionWindowSize = gateway.ConnectionWindowBytes;
        http2.KeepAlivePingDelay = gateway.KeepAlivePingDelay;
        http2.KeepAlivePingTimeout = gateway.KeepAlivePingTimeout;
        http2.MaxRequestHeaderFieldSize = gateway.MaxRequestHeadersBytes;
    }

    private static X509Certificate2 ReadCertificate(TlsOptions tls)
    {
        try
        {
            return LoadCertificate(tls);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            var settings = tls.KeyPath is { Length: > 0 } ? "Wharf:Tls:CertificatePath and KeyPath" : "Wharf:Tls:CertificatePath";
            throw new FormatException($"{settings} cannot be used: {unreadable.Message}", unreadable);
        }
    }

    private static X509Certificate2 LoadCertificate(TlsOptions tls)
    {
        if (tls.KeyPath is not { Length: > 0 } key)
            return X509CertificateLoader.LoadPkcs12FromFile(tls.CertificatePath!, tls.Password);
        using var pem = tls.Password is { Length: > 0 } password
            ? X509Certificate2.CreateFromEncryptedPemFile(tls.CertificatePath!, password, key)
            : X509Certificate2.CreateFromPemFile(tls.CertificatePath!, key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }
}
