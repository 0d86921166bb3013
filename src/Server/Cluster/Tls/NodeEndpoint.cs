using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Wharf.Server.Cluster.Tls;

/// <summary>The port on which other nodes read tables if nodes authenticate each other. Clients use the open port.</summary>
internal sealed class NodeEndpoint(NodeTls tls, IPAddress address, int port)
{
    private ListenOptions? _listen;

    /// <summary>The address of the port, after it was opened.</summary>
    public Uri Address => new UriBuilder(Uri.UriSchemeHttps, address.ToString(), _listen!.IPEndPoint!.Port).Uri;

    /// <summary>Adds the port to Kestrel, beside the port for clients.</summary>
    public void Configure(KestrelServerOptions kestrel) => kestrel.Listen(address, port, listen =>
    {
        _listen = listen;
        listen.Protocols = HttpProtocols.Http2;
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Server()), HandshakeTimeout = NodeTls.HandshakeTimeout });
    });
}
