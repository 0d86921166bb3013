using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Grains.Tests.Memory;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// Measures the heap of export/release cycles at the end against that after the first tenth. usage: [CLASS CYCLES] [GRAIN CYCLES]
var onClass = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000_000;
var onGrain = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;

var table = new Growth("class", onClass);
GC.KeepAlive(ReleaseCycles.OnTable(onClass, table.Measure));
var isFlat = table.Report();

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.UseOrleans(silo =>
{
    silo.UseLocalhostClustering();
    silo.Services.Configure<EndpointOptions>(endpoint =>
    {
        endpoint.SiloListeningEndpoint = new(System.Net.IPAddress.Loopback, 0);
        endpoint.GatewayPort = 0;
    });
    silo.AddWharfSessions();
});
using var host = builder.Build();
await host.StartAsync();
var session = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ISessionGrain>("s");
await session.LoginAsync(new SessionLogin(new CallerIdentity("bench", "s", "bench"), "bench", TimeSpan.FromDays(1)));
var grain = new Growth("grain", onGrain);
await ReleaseCycles.OnGrainAsync(session, onGrain, grain.Measure);
isFlat &= grain.Report();
await host.StopAsync();
return isFlat ? 0 : 1;

/// <summary>The reachable heap after each tenth of the cycles.</summary>
internal sealed class Growth(string what, int cycles)
{
    private const double Allowed = 0.05;

    private readonly List<long> _bytes = [];

    public void Measure(int cycle)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _bytes.Add(GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>Prints the result.</summary>
    /// <returns>Whether the heap at the end is at most 5 % above that after the first tenth.</returns>
    public bool Report()
    {
        var change = (double)(_bytes[^1] - _bytes[0]) / _bytes[0];
        Console.WriteLine($"{what}: {cycles} cycles, {_bytes[0] / 1024.0:F0} KiB after a tenth, {_bytes[^1] / 1024.0:F0} KiB at the end, {change:+0.0%;-0.0%}");
        return change <= Allowed;
    }
}
