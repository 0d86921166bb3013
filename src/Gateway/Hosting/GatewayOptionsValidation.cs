using System.Net;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Edge;
using Wharf.Protocol;

namespace Wharf.Gateway.Hosting;

/// <summary>Validates the settings of the gateway at the start. The errors name the settings.</summary>
internal sealed class GatewayOptionsValidation
    : IValidateOptions<GatewayOptions>, IValidateOptions<EndpointOptions>, IValidateOptions<GatewaySessionOptions>, IValidateOptions<LoginOptions>, IValidateOptions<WebOptions>
{
    private const int SmallestWindow = 65_535;

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var found = new Findings("Wharf:Gateway");
        found.AtLeast(nameof(options.MaxMessageBytes), options.MaxMessageBytes, 1024);
        found.AtLeast(nameof(options.MaxRequestBytes), options.MaxRequestBytes, 1024);
        found.AtLeast(nameof(options.MaxRequestBytesWithoutSession), options.MaxRequestBytesWithoutSession, 1024);
        found.Positive(nameof(options.RequestBodyTimeout), options.RequestBodyTimeout, TimeSpan.FromMilliseconds(100));
        found.AtLeast(nameof(options.MinRequestBytesPerSecond), options.MinRequestBytesPerSecond, 1);
        found.AtLeast(nameof(options.MaxConnections), options.MaxConnections, 1);
        found.AtLeast(nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 1);
        found.AtLeast(nameof(options.MaxStreamsWithoutSessionPerAddress), options.MaxStreamsWithoutSessionPerAddress, 1);
        found.Positive(nameof(options.StreamTimeWithoutSession), options.StreamTimeWithoutSession, TimeSpan.FromMilliseconds(100));
        long smallest = options.MaxRequestBytesWithoutSession + UnauthenticatedUse.BytesPerCall;
        found.AtLeast(nameof(options.MaxBytesWithoutSessionPerAddress), options.MaxBytesWithoutSessionPerAddress, smallest);
        found.AtLeast(nameof(options.MaxBytesWithoutSession), options.MaxBytesWithoutSession, smallest);
        found.AtLeast(nameof(options.MaxStreamsPerConnection), options.MaxStreamsPerConnection, 1);
        found.AtLeast(nameof(options.MaxStreamsPerSession), options.MaxStreamsPerSession, 1);
        found.AtLeast(nameof(options.StreamWindowBytes), options.StreamWindowBytes, SmallestWindow);
        found.AtLeast(nameof(options.ConnectionWindowBytes), options.ConnectionWindowBytes, options.StreamWindowBytes);
        found.Positive(nameof(options.KeepAlivePingDelay), options.KeepAlivePingDelay, TimeSpan.FromSeconds(1));
        found.Positive(nameof(options.KeepAlivePingTimeout), options.KeepAlivePingTimeout, TimeSpan.FromSeconds(1));
        found.Positive(nameof(options.HandshakeTimeout), options.HandshakeTimeout, TimeSpan.FromMilliseconds(100));
        found.AtLeast(nameof(options.MaxRequestHeadersBytes), options.MaxRequestHeadersBytes, 4096);
        found.AtLeast(nameof(options.StreamQueueMessages), options.StreamQueueMessages, 1);
        found.AtLeast(nameof(options.StreamQueueBytes), options.StreamQueueBytes, 1);
        found.AtLeast(nameof(options.MaxTicketBytes), options.MaxTicketBytes, 64);
        found.Positive(nameof(options.FieldBatching), options.FieldBatching, TimeSpan.FromMilliseconds(1));
        return found.Result;
    }

    public ValidateOptionsResult Validate(string? name, EndpointOptions options)
    {
        var found = new Findings("Wharf");
        if (options.Port is { } port)
            found.Require(nameof(options.Port), port is >= 0 and <= IPEndPoint.MaxPort, "is not a port (0 to 65535)");
        found.Require(nameof(options.Address), options.Address == "*" || IPAddress.TryParse(options.Address, out _), "is neither an IP address nor *");
        if (options.Tls.CertificatePath is { Length: > 0 } certificate)
            found.Require("Tls:CertificatePath", File.Exists(certificate), "names a file that is not there");
        if (options.Tls.KeyPath is { Length: > 0 } key)
        {
            found.Require("Tls:KeyPath", File.Exists(key), "names a file that is not there");
            found.Require("Tls:CertificatePath", options.Tls.IsEnabled, "is missing, but there is a key");
        }
        return found.Result;
    }

    public ValidateOptionsResult Validate(string? name, GatewaySessionOptions options)
    {
        var found = new Findings("Wharf:Sessions");
        found.Positive(nameof(options.Duration), options.Duration, GatewaySessionOptions.ShortestDuration);
        return found.Result;
    }

    public ValidateOptionsResult Validate(string? name, LoginOptions options)
    {
        var found = new Findings("Wharf:Auth");
        if (options.Psk is { } psk)
            found.Require(nameof(options.Psk), psk.Trim().Length > 0 && psk.All(char.IsAscii), "is empty or not ASCII");
        if (options.UsersFile is { } users)
            found.Require(nameof(options.UsersFile), File.Exists(users), "names a file that is not there");
        for (int index = 0; index < options.TokenKey.Count; index++)
            found.Require($"{nameof(options.TokenKey)}:{index}", IsTokenKey(options.TokenKey[index]), $"is not base64 of at least {SessionTokenSigner.MinKeyBytes} bytes");
        for (int index = 0; index < options.TrustedProxies.Count; index++)
            found.Require($"{nameof(options.TrustedProxies)}:{index}", IPNetwork.TryParse(options.TrustedProxies[index], out _)
                || IPAddress.TryParse(options.TrustedProxies[index], out _), "is neither an IP address nor a network");
        found.AtLeast(nameof(options.FailedLoginsPerMinute), options.FailedLoginsPerMinute, 1);
        found.AtLeast(nameof(options.PasswordChecksAtOnce), options.PasswordChecksAtOnce, 1);
        return found.Result;
    }

    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var found = new Findings("Wharf:Web");
        for (int index = 0; index < options.AllowedOrigins.Count; index++)
            found.Require($"{nameof(options.AllowedOrigins)}:{index}", AllowedOrigins.IsOrigin(options.AllowedOrigins[index]), "is not an origin, such as https://tables.example.com");
        return found.Result;
    }

    private static bool IsTokenKey(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) && length >= SessionTokenSigner.MinKeyBytes;
    }

    private sealed class Findings(string section)
    {
        private readonly List<string> _failures = [];

        public ValidateOptionsResult Result => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

        public void Require(string property, bool holds, string otherwise)
        {
            if (!holds)
                _failures.Add($"{section}:{property} {otherwise}");
        }

        public void AtLeast(string property, long value, long least) => Require(property, value >= least, $"must be at least {least} (found: {value})");

        public void Positive(string property, TimeSpan value, TimeSpan least) => Require(property, value >= least, $"must be at least {least} (found: {value})");
    }
}
