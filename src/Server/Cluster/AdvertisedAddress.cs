using System.Net;
using System.Net.Sockets;

namespace Wharf.Server.Cluster;

/// <summary>The address that other nodes are told.</summary>
internal static class AdvertisedAddress
{
    /// <summary>The address of the settings; loopback without one.</summary>
    public static IPAddress Of(MembershipOptions cluster) => cluster.AdvertisedAddress is { Length: > 0 } text ? Resolve(text) : IPAddress.Loopback;

    /// <summary>Reads an address, or looks up a host name once: a silo's name in the cluster is a number.</summary>
    /// <exception cref="SocketException">There is no such host.</exception>
    public static IPAddress Resolve(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : Dns.GetHostAddresses(text) is [_, ..] found
            ? found.FirstOrDefault(static one => one.AddressFamily == AddressFamily.InterNetwork) ?? found[0]
            : throw new SocketException((int)SocketError.HostNotFound);
}
