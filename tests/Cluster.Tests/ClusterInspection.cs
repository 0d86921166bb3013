using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Wharf.Grains;
using Wharf.Grains.Fields;
using Wharf.Grains.Objects;
using Wharf.Grains.Tables;

namespace Wharf.Cluster.Tests;

/// <summary>Reads the state of a cluster by Orleans' client: activations and holders of objects.</summary>
public sealed class ClusterInspection : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterInspection(IHost host) => _host = host;

    private IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Connects by the client ports of silos.</summary>
    public static async Task<ClusterInspection> ConnectAsync(string clusterId, IEnumerable<int> clientPorts, CancellationToken cancellationToken)
    {
        var host = Host.CreateDefaultBuilder()
            .ConfigureLogging(static logging => logging.ClearProviders())
            .UseOrleansClient(client =>
            {
                client.UseStaticClustering([.. clientPorts.Select(static port => new IPEndPoint(IPAddress.Loopback, port))]);
                client.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = clusterId);
            })
            .Build();
        await host.StartAsync(cancellationToken);
        return new ClusterInspection(host);
    }

    /// <summary>The silo on which the object of a ticket lives, by its port.</summary>
    public async Task<int> SiloPortOfAsync(Protocol.Ticket ticket, CancellationToken cancellationToken) =>
        ObjectId.TryParse((await FindAsync(ticket, cancellationToken)).ObjectId, out var id) ? id.Silo.Endpoint.Port : throw new InvalidOperationException($"{ticket} has no place");

    /// <summary>Who holds the object of a ticket, and how many streams it has.</summary>
    public async Task<ObjectDescription> DescribeAsync(Protocol.Ticket ticket, CancellationToken cancellationToken) =>
        await DescribeAsync(await FindAsync(ticket, cancellationToken), cancellationToken);

    /// <summary>Who holds an object.</summary>
    public async Task<ObjectDescription> DescribeAsync(ObjectReference found, CancellationToken cancellationToken)
    {
        IHeldGrain grain = found.Kind == ObjectKind.Table ? Client.GetGrain<ITableGrain>(found.ObjectId) : Client.GetGrain<IPluginObjectGrain>(found.ObjectId);
        return await grain.DescribeAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private async Task<ObjectReference> FindAsync(Protocol.Ticket ticket, CancellationToken cancellationToken) =>
        await Client.LookupAsync(ticket.Canonical, cancellationToken) ?? throw new InvalidOperationException($"there is nothing at {ticket}");
}
