using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Tables;

// Finds the object behind a ticket with nothing but Orleans' client and the grain interfaces:
//   dotnet run --project samples/TicketLookup -- 30000 scope/counter shared/ab12 export/<session>/3
// The first argument is the server's Wharf:Node:ClientPort; every further one is a ticket's canonical text.
if (args is not [var port, .. var tickets] || tickets.Length == 0 || !int.TryParse(port, CultureInfo.InvariantCulture, out var clientPort))
{
    Console.Error.WriteLine("usage: TicketLookup PORT TICKET...");
    return 2;
}

using var host = Host.CreateDefaultBuilder()
    .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
    .UseOrleansClient(client =>
    {
        client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, clientPort));
        client.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = ClusterOptions.DefaultClusterId);
    })
    .Build();
await host.StartAsync();
var cluster = host.Services.GetRequiredService<IClusterClient>();

var missing = 0;
foreach (var ticket in tickets)
{
    var reference = await cluster.LookupAsync(ticket);
    if (reference is not { IsLive: true })
    {
        Console.WriteLine($"{ticket}: nothing");
        missing++;
        continue;
    }

    IHeldGrain grain = reference.Kind == ObjectKind.Table
        ? cluster.GetGrain<ITableGrain>(reference.ObjectId)
        : cluster.GetGrain<IPluginObjectGrain>(reference.ObjectId);
    var description = await grain.DescribeAsync();
    Console.WriteLine($"{ticket}: object {reference.ObjectId} activation {description.ActivationId} epoch {description.Reference.Epoch} type {reference.TypeName}");
}

await host.StopAsync();
return missing == 0 ? 0 : 1;
