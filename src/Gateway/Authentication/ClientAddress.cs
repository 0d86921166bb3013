using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Wharf.Gateway.Authentication;

/// <summary>Where a call comes from, as limits count it.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    private const string Local = "local";

    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>Returns whether an address, as <see cref="Of(IPAddress?)"/> returns it, is this machine's own.</summary>
    public static bool IsLoopback(string address) => address == Local || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));

    /// <summary>The address; for IPv6 its /64 network, since one host has all of that.</summary>
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
