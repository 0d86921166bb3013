using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Telemetry;

namespace Wharf.Gateway.Edge;

/// <summary>Closes connections beyond the limits of the port and of an address, before the TLS handshake.</summary>
internal sealed class ConnectionLimits(IOptions<GatewayOptions> options, TrustedProxies proxies, GatewayInstruments instruments, LimitLog log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byAddress = new(StringComparer.Ordinal);
    private int _open;

    /// <summary>Runs a connection within the limits.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var remote = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        var address = remote is not null && proxies.Contains(remote) ? null : ClientAddress.Of(remote);
        if (Enter(address) is { } limit)
        {
            instruments.ConnectionRefused(limit);
            log.Report(limit, ClientAddress.Of(remote));
            connection.Abort(new ConnectionAbortedException("too many connections"));
            return;
        }

        instruments.ConnectionOpened();
        try
        {
            await next(connection);
        }
        finally
        {
            instruments.ConnectionClosed();
            Leave(address);
        }
    }

    // Returns the limit that is reached, or null. Connections of proxies do not count towards an address.
    private string? Enter(string? address)
    {
        lock (_lock)
        {
            if (_open >= options.Value.MaxConnections)
                return nameof(GatewayOptions.MaxConnections);
            if (address is not null)
            {
                int count = _byAddress.GetValueOrDefault(address);
                if (count >= options.Value.MaxConnectionsPerAddress)
                    return nameof(GatewayOptions.MaxConnectionsPerAddress);
                _byAddress[address] = count + 1;
            }

            _open++;
            return null;
        }
    }

    private void Leave(string? address)
    {
        lock (_lock)
        {
            _open--;
            if (address is not null && --CollectionsMarshal.GetValueRefOrNullRef(_byAddress, address) == 0)
                _byAddress.Remove(address);
        }
    }
}
