using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Wharf.Server.Admin;

/// <summary>The admin port.</summary>
internal sealed class AdminEndpoint(IOptions<AdminOptions> options)
{
    private ListenOptions? _listen;

    /// <summary>The address of the port, after it was opened.</summary>
    public Uri Address => new UriBuilder(Uri.UriSchemeHttp, _listen!.IPEndPoint!.Address.ToString(), _listen.IPEndPoint.Port).Uri;

    /// <summary>Adds the port to Kestrel, beside the port for clients.</summary>
    public void Configure(KestrelServerOptions kestrel)
    {
        if (options.Value.Address == "*")
            kestrel.ListenAnyIP(options.Value.Port!.Value, Listen);
        else
            kestrel.Listen(IPAddress.Parse(options.Value.Address), options.Value.Port!.Value, Listen);
    }

    private void Listen(ListenOptions listen)
    {
        _listen = listen;
        // gRPC needs HTTP/2, and gRPC-Web is not mapped on this port.
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(static next => connection =>
        {
            connection.Features.Set(AdminConnection.Instance);
            return next(connection);
        });
    }
}
