using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;
using Wharf.Gateway.Flight;

namespace Wharf.Server.Cluster.Tls;

/// <summary>Has nodes prove themselves wherever they speak with each other.</summary>
internal static class NodeTlsHosting
{
    /// <summary>Reads the certificates, for everything that speaks with nodes from here.</summary>
    /// <exception cref="FormatException">They cannot be used; the message names the setting.</exception>
    public static void AddNodeTls(this IServiceCollection services, NodeTlsOptions options)
    {
        var tls = NodeTls.Read(options);
        services.AddSingleton(tls);
        services.AddSingleton<TlsConnections>();
        services.Configure<NodeConnectionOptions>(connection => connection.Tls = tls.Client());
    }

    /// <summary>Closes the ports of a silo to whoever is no node, and gives tables a port like that.</summary>
    public static void UseNodeTls(this WebApplicationBuilder builder, ISiloBuilder silo, MembershipOptions cluster)
    {
        silo.Services.AddSingleton(provider => new NodeEndpoint(provider.GetRequiredService<NodeTls>(), AdvertisedAddress.Of(cluster), cluster.FlightPort));
        silo.Configure<SiloConnectionOptions>(static connections =>
        {
            connections.ConfigureSiloOutboundConnection(static to => to.Use(to.ApplicationServices.GetRequiredService<TlsConnections>().Open));
            connections.ConfigureSiloInboundConnection(static from => from.Use(from.ApplicationServices.GetRequiredService<TlsConnections>().Accept));
            connections.ConfigureGatewayInboundConnection(static from => from.Use(from.ApplicationServices.GetRequiredService<TlsConnections>().Accept));
        });
        // After all others: the first address of a server is the one for clients.
        builder.Services.PostConfigure<KestrelServerOptions>(static kestrel => kestrel.ApplicationServices.GetRequiredService<NodeEndpoint>().Configure(kestrel));
    }

    /// <summary>Has a process that only uses the cluster prove itself to its silos.</summary>
    public static void UseNodeTls(this IClientBuilder client) =>
        client.Configure<ClientConnectionOptions>(static connections =>
            connections.ConfigureConnection(static to => to.Use(to.ApplicationServices.GetRequiredService<TlsConnections>().Open)));
}
