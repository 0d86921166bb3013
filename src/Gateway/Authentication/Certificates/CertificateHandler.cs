using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Hosting;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>The certificate of the client's TLS connection. TLS has checked its authority; the name in it is the principal.</summary>
internal sealed partial class CertificateHandler(IOptions<EndpointOptions> endpoint, TimeProvider time, ILogger<CertificateHandler> logger) : IAuthenticationHandler
{
    private readonly CertificateName _name = endpoint.Value.Tls.ClientName;

    public string Name => LoginSchemes.Certificate;

    // Without a connection there is no certificate.
    public ValueTask<string?> AuthenticateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public ValueTask<AuthenticatedPrincipal?> LoginAsync(LoginRequest attempt, CancellationToken cancellationToken) => ValueTask.FromResult(Read(attempt));

    private AuthenticatedPrincipal? Read(LoginRequest attempt)
    {
        if (attempt.Certificate is not { } certificate || !attempt.Payload.IsEmpty || !IsCurrent(certificate))
            return null;
        var name = CertificateNames.Of(certificate, _name);
        if (AuthenticatedPrincipal.IsName(name))
            return new AuthenticatedPrincipal(name!) { EndsAt = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()) };
        LogWithoutName(certificate.SerialNumber, _name);
        return null;
    }

    // A connection may be older than the certificate's last day.
    private bool IsCurrent(X509Certificate2 certificate)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return certificate.NotBefore.ToUniversalTime() <= now && now < certificate.NotAfter.ToUniversalTime();
    }

    [LoggerMessage(
        EventId = 3111, Level = LogLevel.Warning,
        Message = "Refused the login by the certificate {SerialNumber}: it does not have exactly one valid name of the kind {Kind} (Wharf:Tls:ClientName)")]
    private partial void LogWithoutName(string serialNumber, CertificateName kind);
}
