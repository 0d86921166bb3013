using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Guide;
using Wharf.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using TypedTicket = Wharf.Client.TypedTicket;

// Measures the C# client beside the generated gRPC client in the same session: 100-byte messages to the object "echo" and typed calls of "example_service", one in flight; uploads and downloads.
//   ClientCalls ADDRESS KEY SECONDS
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var address, var key, var seconds])
{
    Console.Error.WriteLine("usage: ClientCalls ADDRESS KEY SECONDS");
    return 2;
}

await using var session = await Session.ConnectAsync(new Uri(address), Credentials.PreSharedKey(key));
var time = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
var payload = new byte[100];
var source = new TypedTicket(new ScopeTicket("echo"), "Echo");

using var raw = new ObjectService.ObjectServiceClient(session.CallInvoker).MessageStream();
await raw.RequestStream.WriteAsync(new()
{
    Connect = new() { SourceId = new() { Ticket = new() { Ticket_ = ByteString.CopyFrom(source.Ticket.ToBytes()) }, Type = source.Type } },
});
await raw.ResponseStream.MoveNext();
await MeasureAsync("raw gRPC", async () =>
{
    await raw.RequestStream.WriteAsync(new() { Data = new() { Payload = ByteString.CopyFrom(payload) } });
    await raw.ResponseStream.MoveNext();
});

await using var echo = await PluginClient.ConnectAsync(session, source);
await echo.ReadAsync();
await MeasureAsync("PluginClient", async () =>
{
    await echo.SendAsync(payload);
    await echo.ReadAsync();
});

var text = new string('x', 60);
await using var example = await session.OpenAsync<IExampleService>("example_service");
await MeasureAsync("typed calls", () => example.Service.HelloStringAsync(text));
await TableTransfers.RunAsync(session, time);
return 0;

async Task MeasureAsync(string name, Func<Task> trip)
{
    await RunAsync(trip, time / 4);
    var before = GC.GetTotalAllocatedBytes(precise: true);
    var clock = Stopwatch.StartNew();
    var count = await RunAsync(trip, time);
    var rate = count / clock.Elapsed.TotalSeconds;
    Console.WriteLine($"{name}: {rate:F0} round trips/s, {(GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count:F0} bytes allocated each");
}

static async Task<long> RunAsync(Func<Task> trip, TimeSpan time)
{
    var clock = Stopwatch.StartNew();
    long count = 0;
    for (; clock.Elapsed < time; count++)
        await trip();
    return count;
}
