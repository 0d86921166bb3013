using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Wharf.Server.Cluster.Tls;

/// <summary>The port on which other nodes read tables, where nodes prove themselves: clients have the open port, nodes have this.</summary>
internal sealed class NodeEndpoint(NodeTls tls, IPAddress address, int port)
{
    private ListenOptions? _listen;

    /// <summary>Where it is once it is open.</summary>
    public Uri Address => new UriBuilder(Uri.UriSchemeHttps, address.ToString(), _listen!.IPEndPoint!.Port).Uri;

    /// <summary>Opens it beside the open port.</summary>
    public void Configure(KestrelServerOptions kestrel) => kestrel.Listen(address, port, listen =>
    {
        _listen = listen;
        listen.Protocols = HttpProtocols.Http2;
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Server()), HandshakeTimeout = NodeTls.HandshakeTimeout });
    });
}
