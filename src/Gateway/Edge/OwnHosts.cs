using System.Net;

namespace Wharf.Gateway.Edge;

/// <summary>
/// The host names of this server that no other party can define in DNS. A page of <c>evil.example</c> can let its own name resolve to the loopback address, and so reach a server
/// under its own origin (DNS rebinding); the host in the request is still <c>evil.example</c>.
/// </summary>
public static class OwnHosts
{
    private const string Loopback = "localhost";

    /// <summary>Returns whether a host is an IP address, <c>localhost</c>, or the name of this machine.</summary>
    /// <param name="host">The host of a request, without a port; an IPv6 address may be in brackets.</param>
    /// <returns>True for such a host; false for any other name.</returns>
    public static bool Contains(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return IPAddress.TryParse(host.Trim('[', ']'), out _)
            || host.Equals(Loopback, StringComparison.OrdinalIgnoreCase)
            || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase);
    }
}
