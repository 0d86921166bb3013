using System.Net;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;

namespace Wharf.Gateway.Edge;

/// <summary>The proxies of <c>Wharf:Auth:TrustedProxies</c>.</summary>
internal sealed class TrustedProxies(IOptions<LoginOptions> options)
{
    private readonly IPAddress[] _addresses = [.. options.Value.TrustedProxies.Where(IsAddress).Select(IPAddress.Parse)];
    private readonly IPNetwork[] _networks = [.. options.Value.TrustedProxies.Where(static proxy => !IsAddress(proxy)).Select(IPNetwork.Parse)];

    /// <summary>Returns whether an address belongs to a trusted proxy.</summary>
    public bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return _addresses.Contains(address) || Array.Exists(_networks, network => network.Contains(address));
    }

    private static bool IsAddress(string proxy) => IPAddress.TryParse(proxy, out _);
}
