using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Wharf.Interop;

/// <summary>Takes each call of a client to another gateway than the one before, whichever connection it comes on.</summary>
internal sealed class AlternatingProxy : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Request = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        // A stream may be silent for as long as it likes.
        ActivityTimeout = TimeSpan.FromHours(1),
        AllowResponseBuffering = false,
    };

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client;
    private readonly IReadOnlyList<Uri> _gateways;
    private int _calls;

    private AlternatingProxy(WebApplication app, IReadOnlyList<Uri> gateways)
    {
        _app = app;
        _gateways = gateways;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>Where it listens.</summary>
    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Starts one.</summary>
    /// <param name="port">Where to listen; 0 for a free port.</param>
    /// <param name="gateways">Where calls go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<AlternatingProxy> StartAsync(int port, IReadOnlyList<Uri> gateways, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenAnyIP(port, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        var proxy = new AlternatingProxy(app, gateways);
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(context => proxy.ForwardAsync(context, forwarder));
        await app.StartAsync(cancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, IHttpForwarder forwarder)
    {
        var next = (int)((uint)Interlocked.Increment(ref _calls) % (uint)_gateways.Count);
        await forwarder.SendAsync(context, _gateways[next].ToString(), _client, Request);
    }
}
