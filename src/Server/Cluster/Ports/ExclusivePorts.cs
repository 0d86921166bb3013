using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Networking.Shared;
using Wharf.Gateway.Hosting;
using Wharf.Server.Admin;
using Wharf.Server.Hosting;
using OrleansEndpointOptions = Orleans.Configuration.EndpointOptions;

namespace Wharf.Server.Cluster.Ports;

/// <summary>
/// Opens ports exclusively. The sockets of Orleans allow address reuse, so that two nodes with the same port would both start and receive each other's
/// messages.
/// </summary>
internal sealed class ExclusivePorts(IConnectionListenerFactory sockets, PortSettings settings) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            return await sockets.BindAsync(endpoint, cancellationToken);
        }
        catch (AddressInUseException taken)
        {
            throw new AddressInUseException(
                $"{settings.NameOf(endpoint)}: {endpoint}: address already in use by another process, possibly another node", taken);
        }
        catch (SocketException refused)
        {
            throw new IOException($"{settings.NameOf(endpoint)}: {endpoint} failed to listen: {refused.Message}", refused);
        }
    }
}

/// <summary>Finds the setting of a port.</summary>
internal sealed class PortSettings(
    IOptions<EndpointOptions> open, IOptions<AdminOptions> admin, IOptions<MembershipOptions> cluster, IOptions<OrleansEndpointOptions> silo)
{
    /// <summary>Returns the name of the setting.</summary>
    public string NameOf(EndPoint endpoint)
    {
        var port = (endpoint as IPEndPoint)?.Port;
        if (endpoint.Equals(silo.Value.SiloListeningEndpoint))
            return $"{MembershipOptions.Section}:{nameof(MembershipOptions.SiloPort)}";
        if (endpoint.Equals(silo.Value.GatewayListeningEndpoint))
            return "Wharf:Node:ClientPort";
        if (port == open.Value.EffectivePort)
            return "Wharf:Port";
        if (port == admin.Value.Port)
            return $"{AdminOptions.Section}:{nameof(AdminOptions.Port)}";
        return port == cluster.Value.FlightPort ? $"{MembershipOptions.Section}:{nameof(MembershipOptions.FlightPort)}" : "A port";
    }
}

/// <summary>Adds exclusive ports.</summary>
internal static class ExclusivePortsHosting
{
    /// <summary>Replaces the sockets of the silo's ports by Kestrel's, which are exclusive.</summary>
    public static void UseExclusivePorts(this IServiceCollection services)
    {
        for (var place = 0; place < services.Count; place++)
        {
            if (services[place] is { IsKeyedService: true } silo && silo.ServiceType == typeof(IConnectionListenerFactory))
                services[place] = ServiceDescriptor.KeyedSingleton<IConnectionListenerFactory>(
                    silo.ServiceKey, static (provider, _) => CreateForSilo(provider));
        }
    }

    /// <summary>Adds the name of the setting to the failure of a port.</summary>
    public static void AddPortSettings(this IServiceCollection services)
    {
        services.AddSingleton<PortSettings>();
        services.AddSingleton<IConnectionListenerFactory>(static provider => Create(provider));
    }

    // Keep-alive as Orleans configures it: a peer whose machine has failed does not close its connections.
    private static SiloPorts CreateForSilo(IServiceProvider provider)
    {
        var silo = provider.GetRequiredService<IOptions<SocketConnectionOptions>>().Value;
        var transport = new SocketTransportOptions { NoDelay = silo.NoDelay, CreateBoundListenSocket = Bind };
        var ports = new ExclusivePorts(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(provider, Options.Create(transport)), provider.GetRequiredService<PortSettings>());
        return ActivatorUtilities.CreateInstance<SiloPorts>(provider, ports);

        Socket Bind(EndPoint endpoint)
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            if (silo.KeepAlive)
            {
                // Accepted connections inherit the options of the listening socket.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, silo.KeepAliveTimeSeconds);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, silo.KeepAliveIntervalSeconds);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, silo.KeepAliveRetryCount);
            }

            return socket;
        }
    }

    private static ExclusivePorts Create(IServiceProvider provider) =>
        new(ActivatorUtilities.CreateInstance<SocketTransportFactory>(provider), provider.GetRequiredService<PortSettings>());
}
