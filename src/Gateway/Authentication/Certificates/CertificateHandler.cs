using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Hosting;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Logins by the client certificate of the TLS connection. TLS has verified its authority; the principal is the name in the certificate.</summary>
internal sealed partial class CertificateHandler(IOptions<EndpointOptions> endpoint, TimeProvider time, ILogger<CertificateHandler> logger) : IAuthenticationHandler
{
    private readonly CertificateName _name = endpoint.Value.Tls.ClientName;

    public string Name => LoginSchemes.Certificate;

    // A payload alone has no certificate.
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

    // The certificate may have expired since the TLS handshake.
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
