using System.Net;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Server.Cluster.Tls;

namespace Wharf.Server.Cluster;

/// <summary>Validates the options of a node in a cluster and names each invalid or missing setting. The nodes need common keys, so that clients can move between them.</summary>
internal sealed class MembershipOptionsValidator(
    IOptions<LoginOptions> logins, IOptions<EndpointOptions> endpoint, IEnumerable<IAuthenticationHandler> registered) : IValidateOptions<MembershipOptions>
{
    /// <summary>The maximum time until a lost node is detected.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, MembershipOptions options)
    {
        var wrong = options.IsEnabled ? Wrong(options).ToList() : [];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private IEnumerable<string> Wrong(MembershipOptions options)
    {
        if (logins.Value.TokenKey.Count == 0)
            yield return "Wharf:Auth:TokenKey is missing: every node of a cluster needs the same keys; without them a session is valid on one node only";
        if (string.IsNullOrWhiteSpace(logins.Value.Psk) && string.IsNullOrEmpty(logins.Value.UsersFile) && !logins.Value.Anonymous && !logins.Value.Jwt.IsEnabled
            && endpoint.Value.Tls.ClientCertificates == ClientCertificates.Off && !registered.Any())
            yield return "Wharf:Auth:Psk is missing, and no other login is configured: a generated key is valid on one node only";
        if (endpoint.Value.Tls.ClientCertificates == ClientCertificates.Required && !options.Tls.IsEnabled)
            yield return $"Wharf:Tls:ClientCertificates is Required, but nodes without node certificates ({NodeTlsOptions.Section}) read tables on the same port; use Allowed";
        if (!string.IsNullOrEmpty(options.Redis) && !string.IsNullOrEmpty(options.Postgres))
            yield return $"{Name(nameof(options.Redis))} and {Name(nameof(options.Postgres))} are both set; set one of them";
        if (string.IsNullOrWhiteSpace(options.Id))
            yield return $"{Name(nameof(options.Id))} is empty";
        if (options.SiloPort is < 1 or > IPEndPoint.MaxPort)
            yield return $"{Name(nameof(options.SiloPort))} must be a port from 1 to 65535 (found: {options.SiloPort})";
        if (options.FlightPort is < 0 or > IPEndPoint.MaxPort)
            yield return $"{Name(nameof(options.FlightPort))} must be a port from 0 to 65535 (found: {options.FlightPort})";
        if (options.AdvertisedAddress is { Length: > 0 } address)
        {
            if (!options.AllowInsecure && !options.Tls.IsEnabled)
            {
                yield return $"{Name(nameof(options.AllowInsecure))} is not set, but {Name(nameof(options.AdvertisedAddress))} is: every process that can connect to the silo port is "
                    + $"trusted. Configure node certificates ({NodeTlsOptions.Section}), or set it if only nodes of the cluster can connect to that port";
            }

            if (Misread(address, static text => AdvertisedAddress.Resolve(text)) is { } unknown)
                yield return $"{Name(nameof(options.AdvertisedAddress))} is not a valid address: {unknown}";
        }

        if (options.ProbeTimeout < TimeSpan.FromMilliseconds(100))
            yield return $"{Name(nameof(options.ProbeTimeout))} must be at least 00:00:00.1 (found: {options.ProbeTimeout})";
        if (options.MissedProbes < 1)
            yield return $"{Name(nameof(options.MissedProbes))} must be at least 1 (found: {options.MissedProbes})";
        else if (options.ProbeTimeout.TotalSeconds * options.MissedProbes > LongestSilence.TotalSeconds)
        {
            yield return $"{Name(nameof(options.ProbeTimeout))} x {nameof(options.MissedProbes)} must be at most {LongestSilence:c} "
                + $"(found: {options.ProbeTimeout} x {options.MissedProbes})";
        }
    }

    private static string Name(string property) => $"{MembershipOptions.Section}:{property}";

    private static string? Misread(string? text, Func<string, object> read)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            read(text);
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or System.Net.Sockets.SocketException)
        {
            return wrong.Message;
        }
    }
}
