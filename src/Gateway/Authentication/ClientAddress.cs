using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Wharf.Gateway.Authentication;

/// <summary>The client address by which limits count calls.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    private const string Local = "local";

    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>Returns whether an address that <see cref="Of(IPAddress?)"/> returned is a loopback address.</summary>
    public static bool IsLoopback(string address) => address == Local || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));

    /// <summary>Returns the address. For IPv6 it returns the /64 network, all of which may belong to one host.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return Local;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
