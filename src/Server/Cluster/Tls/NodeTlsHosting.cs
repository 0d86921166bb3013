using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;
using Wharf.Gateway.Flight;

namespace Wharf.Server.Cluster.Tls;

/// <summary>Adds mutual authentication to the connections between nodes.</summary>
internal static class NodeTlsHosting
{
    /// <summary>Reads the certificates, and adds them to the connections to nodes.</summary>
    /// <exception cref="FormatException">A file cannot be used; the message names its setting.</exception>
    public static void AddNodeTls(this IServiceCollection services, NodeTlsOptions options)
    {
        var tls = NodeTls.Read(options);
        services.AddSingleton(tls);
        services.AddSingleton<TlsConnections>();
        services.Configure<NodeConnectionOptions>(connection => connection.Tls = tls.Client());
    }

    /// <summary>Requires a node certificate on the ports of a silo, and adds such a port for tables.</summary>
    public static void UseNodeTls(this WebApplicationBuilder builder, ISiloBuilder silo, MembershipOptions cluster)
    {
        silo.Services.AddSingleton(provider => new NodeEndpoint(provider.GetRequiredService<NodeTls>(), AdvertisedAddress.Of(cluster), cluster.FlightPort));
        silo.Configure<SiloConnectionOptions>(static connections =>
        {
            connections.ConfigureSiloOutboundConnection(static to => to.Use(to.ApplicationServices.GetRequiredService<TlsConnections>().Open));
            connections.ConfigureSiloInboundConnection(static from => from.Use(from.ApplicationServices.GetRequiredService<TlsConnections>().Accept));
            connections.ConfigureGatewayInboundConnection(static from => from.Use(from.ApplicationServices.GetRequiredService<TlsConnections>().Accept));
        });
        // Added last: the first address of a server is that for clients.
        builder.Services.PostConfigure<KestrelServerOptions>(static kestrel => kestrel.ApplicationServices.GetRequiredService<NodeEndpoint>().Configure(kestrel));
    }

    /// <summary>Adds the node certificate to the connections of a client of the cluster.</summary>
    public static void UseNodeTls(this IClientBuilder client) =>
        client.Configure<ClientConnectionOptions>(static connections =>
            connections.ConfigureConnection(static to => to.Use(to.ApplicationServices.GetRequiredService<TlsConnections>().Open)));
}
