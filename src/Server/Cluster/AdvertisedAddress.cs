using System.Net;
using System.Net.Sockets;

namespace Wharf.Server.Cluster;

/// <summary>The address of this node for other nodes.</summary>
internal static class AdvertisedAddress
{
    /// <summary>Returns the configured address; loopback without one.</summary>
    public static IPAddress Of(MembershipOptions cluster) => cluster.AdvertisedAddress is { Length: > 0 } text ? Resolve(text) : IPAddress.Loopback;

    /// <summary>Parses an address, or resolves a host name once: the address of a silo contains an IP address.</summary>
    /// <exception cref="SocketException">The host does not exist.</exception>
    public static IPAddress Resolve(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : Dns.GetHostAddresses(text) is [_, ..] found
            ? found.FirstOrDefault(static one => one.AddressFamily == AddressFamily.InterNetwork) ?? found[0]
            : throw new SocketException((int)SocketError.HostNotFound);
}
