using Wharf.Bench;
using Wharf.Gateway.Hosting;

// The baseline: Grpc.AspNetCore with the Kestrel settings and messages of Wharf, without any processing.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddOptions<GatewayOptions>();
builder.Services.AddOptions<EndpointOptions>().Bind(builder.Configuration.GetSection("Wharf"));
builder.Services.AddConnectionLimits();
builder.Services.AddGrpc(grpc =>
{
    grpc.MaxReceiveMessageSize = 100 * 1024 * 1024;
    grpc.MaxSendMessageSize = null;
});
builder.WebHost.ConfigureKestrel(KestrelEndpoint.ConfigureWharfEndpoint);

var app = builder.Build();
app.MapGrpcService<RawObjects>();
app.MapGrpcService<RawTables>();
app.MapGrpcService<RawUpdates>();
app.MapGrpcService<RawSessions>();
await app.StartAsync();
Console.WriteLine("serving");
await app.WaitForShutdownAsync();
