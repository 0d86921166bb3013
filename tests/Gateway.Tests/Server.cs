using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Fields;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Plugins.Counter;
using Wharf.Plugins.Echo;
using Wharf.Plugins.Hosting;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tests;

/// <summary>The whole server in this process: the gateway on a port, a silo behind it, the plugins that ship.</summary>
public sealed class Server : IAsyncLifetime
{
    public const string Psk = "a-long-enough-test-key";
    public const string PskHeader = LoginSchemes.PreSharedKey + " " + Psk;

    private readonly WebApplication _app;

    public Server()
        : this([])
    {
    }

    internal Server(Dictionary<string, string?> settings, Action<IServiceCollection>? addServices = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Wharf:Port"] = "0",
            ["Wharf:Address"] = "127.0.0.1",
            ["Wharf:Auth:Psk"] = Psk,
            ["Wharf:Plugins:Folder"] = Path.Combine(AppContext.BaseDirectory, "no-plugins"),
        });
        builder.Configuration.AddInMemoryCollection(settings);
        Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "no-plugins"));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddFilter("Wharf.Audit", LogLevel.Debug).AddProvider(Log);
        builder.Services.AddWharfGateway(builder.Configuration.GetSection("Wharf"));
        addServices?.Invoke(builder.Services);
        builder.Services.AddPlugins(builder.Configuration);
        builder.Services.AddBuiltInPlugin("echo", new EchoRegistration());
        builder.Services.AddBuiltInPlugin("counter", new CounterRegistration());
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: "test", clusterId: Guid.NewGuid().ToString("N"));
            silo.Configure<Orleans.Configuration.EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback);
            silo.AddWharfSessions().AddWharfObjects();
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureWharfEndpoint());
        _app = builder.Build();
        _app.UseWharfGateway();
        _app.MapWharfGateway();
    }

    public TestLog Log { get; } = new();

    public string Address { get; private set; } = "";

    public IServiceProvider Services => _app.Services;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await _app.Services.GetRequiredService<IGrainFactory>().GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key).ConfigureAsync(
        [
            new FieldConfiguration("scope/echo", "", WireNames.ScopeFieldDescription, "Echo", new Dictionary<string, string?>()),
            new FieldConfiguration("scope/counter", "", WireNames.ScopeFieldDescription, "Counter", new Dictionary<string, string?>()),
            new FieldConfiguration("app/demo/field/echo", "Demo", "an echo", "Echo", new Dictionary<string, string?>()),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);
        await _app.DisposeAsync();
    }

    public GrpcChannel Connect() => GrpcChannel.ForAddress(Address, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = null,
        MaxSendMessageSize = null,
        HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false },
    });

    /// <summary>Logs in and gives a client whose calls carry the session's token.</summary>
    public async Task<TestSession> LoginAsync(string authorization = PskHeader)
    {
        var channel = Connect();
        var call = new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(
            new ConfigurationConstantsRequest(), new Metadata { { "authorization", authorization } });
        await call;
        var headers = await call.ResponseHeadersAsync;
        return new TestSession(channel, headers.GetValue("authorization")!);
    }

    private static int FreePort()
    {
        var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }
}
